"""What the Terraform provider sends and reads in its life cycles, as data: see test_terraform.py."""

#: Policies: (body of the create, body of the update). Patterns have to come back as they were given.
POLICIES = {
    "weekly, kept by days, then by number": (
        {"name": "tf-weekly", "operation_type": "backup", "enabled": True,
         "operation_definition": {"retention_duration_days": 20},
         "trigger": {"properties": {"pattern": [
             "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=06;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=18;BYMINUTE=00"]}}},
        {"name": "tf-weekly-2", "enabled": True, "operation_definition": {"max_backups": 5},
         "trigger": {"properties": {"pattern": [
             "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=08;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=20;BYMINUTE=00"]}}}),
    "kept for long": (
        {"name": "tf-long", "operation_type": "backup", "enabled": True,
         "operation_definition": {
             "max_backups": 15, "day_backups": 10, "week_backups": 10, "month_backups": 10, "year_backups": 10,
             "timezone": "UTC+08:00", "full_backup_interval": -1},
         "trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=5;BYHOUR=06;BYMINUTE=00"]}}},
        {"name": "tf-long", "enabled": True,
         "operation_definition": {
             "max_backups": 35, "day_backups": 20, "week_backups": 20, "month_backups": 20, "year_backups": 20,
             "timezone": "UTC+08:00", "full_backup_interval": 5},
         "trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=5;BYHOUR=06;BYMINUTE=00"]}}}),
    "kept for ever": (
        {"name": "tf-ever", "operation_type": "backup", "enabled": False,
         "operation_definition": {"max_backups": -1, "retention_duration_days": -1},
         "trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=1;BYHOUR=02;BYMINUTE=30"]}}},
        {"name": "tf-ever", "enabled": True}),
}


def vault(name: str, object_type: str, size: int, **fields) -> dict:
    """The provider's create: these flags always, resources always empty, no tags."""
    return {"vault": {
        "name": name, "resources": [],
        "billing": {"object_type": object_type, "consistent_level": "crash_consistent", "protect_type": "backup",
                    "size": size, "is_multi_az": fields.pop("is_multi_az", False)},
        "auto_expand": False, "auto_bind": False, "locked": False} | fields}


#: What a read of a vault takes; a missing one is a difference in the next plan.
VAULT_FIELDS = [
    "name", "auto_expand", "auto_bind", "enterprise_project_id", "backup_name_prefix", "locked", "tags", "bind_rules",
    "resources",
]
BILLING_FIELDS = [
    "cloud_type", "object_type", "protect_type", "size", "consistent_level", "is_multi_az", "charging_mode", "allocated",
    "used", "spec_code", "status", "storage_unit",
]
