"""The whole story through the vendor's own Python SDK: signed requests, by endpoint and by region."""

import pytest
from huaweicloudsdkcbr.v1 import (
    AddVaultResourceRequest, BackupRestore, BackupRestoreReq, BillingCreate, CbrClient, CheckpointParam,
    CreateCheckpointRequest, CreateVaultRequest, DeleteBackupRequest, DeleteVaultRequest, ListBackupsRequest,
    ListOpLogsRequest, ListProtectableRequest, ListVaultRequest, RemoveVaultResourceRequest, ResourceCreate,
    RestoreBackupRequest, RestoreDetails, ShowBackupRequest, ShowCheckpointRequest, ShowOpLogRequest,
    ShowVaultRequest, UpdateVaultRequest, VaultAddResourceReq, VaultBackup, VaultBackupReq, VaultCreate,
    VaultCreateReq, VaultRemoveResourceReq, VaultUpdate, VaultUpdateReq,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region

from holdfast_process import wait_until
import sample_data


def client_by_endpoint(server) -> CbrClient:
    known = server.credentials
    return (CbrClient.new_builder().with_http_config(HttpConfig.get_default_config())
            .with_credentials(BasicCredentials(known["access_key"], known["secret_key"], known["project_id"]))
            .with_endpoint(server.url).build())


def client_by_region(server) -> CbrClient:
    """No project id: the SDK asks the identity service for the one whose name is the region's."""
    known = server.credentials
    credentials = BasicCredentials(known["access_key"], known["secret_key"]).with_iam_endpoint(server.url)
    return (CbrClient.new_builder().with_credentials(credentials)
            .with_region(Region(known["region"], server.url)).build())


def create_vault(client, name, object_type, size=100):
    return client.create_vault(CreateVaultRequest(VaultCreateReq(VaultCreate(
        name=name, resources=[], billing=BillingCreate(
            consistent_level="crash_consistent", object_type=object_type, protect_type="backup", size=size))))).vault


def add_resource(client, vault, resource, kind):
    added = client.add_vault_resource(AddVaultResourceRequest(
        vault.id, VaultAddResourceReq(resources=[ResourceCreate(id=resource, type=kind)])))
    assert added.add_resource_ids == [resource]


def create_checkpoint(client, vault, **parameters):
    return client.create_checkpoint(CreateCheckpointRequest(VaultBackupReq(VaultBackup(
        vault_id=vault.id, parameters=CheckpointParam(**parameters))))).checkpoint


def wait_checkpoint(client, checkpoint):
    def finished():
        found = client.show_checkpoint(ShowCheckpointRequest(checkpoint.id)).checkpoint
        return found if found.status != "protecting" else None
    return wait_until(finished, 60, "checkpoint finished", 0.1)


def restore(client, backup, **where):
    """Restores and waits for the operation of this very restore to end."""
    def restores():
        logs = client.list_op_logs(ListOpLogsRequest(operation_type="restore", limit=1000)).operation_logs
        return {log.id for log in logs}
    before = restores()
    answer = client.restore_backup(RestoreBackupRequest(backup.id, BackupRestoreReq(BackupRestore(**where))))
    assert answer.status_code == 202
    new = wait_until(lambda: restores() - before, 10, "restore logged")
    assert len(new) == 1

    def finished():
        log = client.show_op_log(ShowOpLogRequest(new.copy().pop())).operation_log
        return log if log.status not in ("running", "waiting") else None
    log = wait_until(finished, 60, "restore finished", 0.1)
    assert log.status == "success", log
    return log


@pytest.mark.parametrize("make_client", [client_by_endpoint, client_by_region])
def test_a_volume_is_backed_up_and_given_back(make_client, server, api, image, workplace):
    resource = api.register("OS::Cinder::Volume", "disk", image)
    client = make_client(server)

    seen = client.list_protectable(ListProtectableRequest(protectable_type="disk")).instances
    assert [one.id for one in seen] == [resource]

    vault = create_vault(client, "volumes", "disk")
    assert (vault.name, vault.billing.size, vault.billing.object_type) == ("volumes", 100, "disk")
    add_resource(client, vault, resource, "OS::Cinder::Volume")
    client.update_vault(UpdateVaultRequest(vault.id, VaultUpdateReq(VaultUpdate(name="volumes-2"))))
    shown = client.show_vault(ShowVaultRequest(vault.id)).vault
    assert shown.name == "volumes-2" and [one.id for one in shown.resources] == [resource]
    assert [one.id for one in client.list_vault(ListVaultRequest(name="volumes-2")).vaults] == [vault.id]

    checkpoint = create_checkpoint(
        client, vault, name="before-upgrade", description="by the SDK: \u00e4\u6f22", resources=[resource])
    assert checkpoint.status == "protecting"
    assert checkpoint.extra_info.description == "by the SDK: \u00e4\u6f22"
    done = wait_checkpoint(client, checkpoint)
    assert done.status == "available" and done.vault.skipped_resources == []
    assert [one.id for one in done.vault.resources] == [resource]

    backups = client.list_backups(ListBackupsRequest(vault_id=vault.id)).backups
    assert len(backups) == 1
    backup = client.show_backup(ShowBackupRequest(backups[0].id)).backup
    assert (backup.status, backup.name, backup.resource_id, backup.checkpoint_id) == (
        "available", "before-upgrade", resource, checkpoint.id)

    before = sample_data.sha256(image)
    sample_data.change_image(image, seed=7)
    assert sample_data.sha256(image) != before
    restore(client, backup, volume_id=resource)
    assert sample_data.sha256(image) == before, "a restore to the original gives the old bytes back"

    other = sample_data.make_image(workplace / "srv" / "images" / "other.raw", 64 << 20, seed=8)
    target = api.register("OS::Cinder::Volume", "other", other)
    restore(client, backup, volume_id=target)
    sample_data.assert_same_image(image, other)

    assert client.delete_backup(DeleteBackupRequest(backup.id)).status_code == 204
    wait_until(lambda: not client.list_backups(ListBackupsRequest(vault_id=vault.id)).backups, 30, "backup gone")
    with pytest.raises(ClientRequestException) as gone:
        client.show_backup(ShowBackupRequest(backup.id))
    assert gone.value.status_code == 404 and gone.value.error_code == "BackupService.6200"
    assert gone.value.request_id

    client.remove_vault_resource(RemoveVaultResourceRequest(vault.id, VaultRemoveResourceReq([resource])))
    wait_until(lambda: not client.show_vault(ShowVaultRequest(vault.id)).vault.resources, 30, "resource removed")
    assert client.delete_vault(DeleteVaultRequest(vault.id)).status_code == 204
    wait_until(lambda: not client.list_vault(ListVaultRequest()).vaults, 30, "vault gone")


def test_a_tree_is_backed_up_and_given_back(server, api, tree, workplace):
    resource = api.register("OS::Sfs::Turbo", "share", tree)
    client = client_by_endpoint(server)
    vault = create_vault(client, "shares", "turbo")
    add_resource(client, vault, resource, "OS::Sfs::Turbo")

    first = wait_checkpoint(client, create_checkpoint(client, vault))
    assert first.status == "available"
    assert first.extra_info.name.startswith("manualbk_")
    automatic = wait_checkpoint(client, create_checkpoint(client, vault, auto_trigger=True, incremental=False))
    assert automatic.status == "available"
    assert automatic.extra_info.name.startswith("autobk_")

    backup = client.list_backups(ListBackupsRequest(checkpoint_id=first.id)).backups[0]
    destination = workplace / "srv" / "given back"
    restore(client, backup, details=RestoreDetails(destination_path=str(destination)))
    sample_data.assert_same_tree(tree, destination)

    outside = workplace / "outside"
    with pytest.raises(ClientRequestException) as refused:
        client.restore_backup(RestoreBackupRequest(backup.id, BackupRestoreReq(BackupRestore(
            details=RestoreDetails(destination_path=str(outside))))))
    assert refused.value.status_code == 400 and not outside.exists()


def test_a_smaller_volume_is_refused(server, api, image, workplace):
    resource = api.register("OS::Cinder::Volume", "disk", image)
    small = sample_data.make_image(workplace / "srv" / "images" / "small.raw", 32 << 20, data=1 << 20)
    target = api.register("OS::Cinder::Volume", "small", small)
    before = sample_data.sha256(small)
    client = client_by_endpoint(server)
    vault = create_vault(client, "volumes", "disk")
    add_resource(client, vault, resource, "OS::Cinder::Volume")
    assert wait_checkpoint(client, create_checkpoint(client, vault)).status == "available"
    backup = client.list_backups(ListBackupsRequest(vault_id=vault.id)).backups[0]
    with pytest.raises(ClientRequestException) as refused:
        client.restore_backup(RestoreBackupRequest(backup.id, BackupRestoreReq(BackupRestore(volume_id=target))))
    assert (refused.value.status_code, refused.value.error_code) == (400, "BackupService.2001")
    assert sample_data.sha256(small) == before


def test_a_wrong_secret_key_is_refused(server):
    known = server.credentials
    client = (CbrClient.new_builder()
              .with_credentials(BasicCredentials(known["access_key"], "wrong", known["project_id"]))
              .with_endpoint(server.url).build())
    with pytest.raises(ClientRequestException) as refused:
        client.list_vault(ListVaultRequest())
    assert refused.value.status_code == 401 and refused.value.error_code


def test_an_unknown_vault_is_6105(server):
    client = client_by_endpoint(server)
    with pytest.raises(ClientRequestException) as refused:
        client.create_checkpoint(CreateCheckpointRequest(VaultBackupReq(VaultBackup(
            vault_id="00000000-0000-4000-8000-000000000000"))))
    assert (refused.value.status_code, refused.value.error_code) == (404, "BackupService.6105")
