// swift-format-ignore-file

/// `docs/api/cbr-v3.openapi.json`, so that the executable needs no file beside it. `InterfaceDocumentTests` keeps the two alike.
enum InterfaceText {
    static let json = #"""
{
 "openapi": "3.0.3",
 "info": {
  "title": "CBR v3",
  "version": "3",
  "description": "The operations, parameters and shapes of the interface, as facts."
 },
 "servers": [
  {
   "url": "/"
  }
 ],
 "security": [
  {
   "XAuthToken": []
  },
  {
   "AkSk": []
  }
 ],
 "tags": [
  {
   "name": "Vaults"
  },
  {
   "name": "Orders"
  },
  {
   "name": "Checkpoints"
  },
  {
   "name": "Replication"
  },
  {
   "name": "Backups"
  },
  {
   "name": "Policies"
  },
  {
   "name": "Operation logs"
  },
  {
   "name": "Protectables"
  },
  {
   "name": "Agents"
  },
  {
   "name": "Sharing"
  },
  {
   "name": "Tags"
  },
  {
   "name": "Storage usage"
  },
  {
   "name": "Features"
  },
  {
   "name": "Organization policies"
  },
  {
   "name": "Migrations"
  },
  {
   "name": "Projects"
  },
  {
   "name": "Versions"
  }
 ],
 "paths": {
  "/v3/domain/{domain_name}/projects": {
   "get": {
    "operationId": "ListDomainProjects",
    "tags": [
     "Projects"
    ],
    "parameters": [
     {
      "name": "domain_name",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ListDomainProjectsResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List domain projects"
   }
  },
  "/v3/domain/{source_project_id}": {
   "get": {
    "operationId": "ShowDomain",
    "tags": [
     "Projects"
    ],
    "parameters": [
     {
      "name": "source_project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/DomainResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show domain"
   }
  },
  "/v3/migrates": {
   "get": {
    "operationId": "ShowMigrateStatus",
    "tags": [
     "Migrations"
    ],
    "parameters": [
     {
      "name": "all_regions",
      "in": "query",
      "required": false,
      "schema": {
       "type": "boolean",
       "default": true
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/DomainMigrateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show migrate status"
   },
   "post": {
    "operationId": "MigrateDomain",
    "tags": [
     "Migrations"
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/DomainMigrate"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "additionalProperties": {
          "type": "string"
         }
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Migrate domain"
   }
  },
  "/v3/region-projects": {
   "get": {
    "operationId": "ListProjects",
    "tags": [
     "Projects"
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ListProjectsResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List projects"
   }
  },
  "/v3/{project_id}/agent/check": {
   "post": {
    "operationId": "CheckAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ProtectableAgentReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ProtectableAgentStatusResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Check agent"
   }
  },
  "/v3/{project_id}/agents": {
   "get": {
    "operationId": "ListAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "minLength": 1,
       "maxLength": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "style": "form",
      "explode": true
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List agent"
   },
   "post": {
    "operationId": "RegisterAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AgentRegisterReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Register agent"
   }
  },
  "/v3/{project_id}/agents/{agent_id}": {
   "delete": {
    "operationId": "UnregisterAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Unregister agent"
   },
   "get": {
    "operationId": "ShowAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show agent"
   },
   "put": {
    "operationId": "UpdateAgent",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AgentUpdateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update agent"
   }
  },
  "/v3/{project_id}/agents/{agent_id}/add-path": {
   "post": {
    "operationId": "AddAgentPath",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AgentAddPathReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentAddPathResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Add agent path"
   }
  },
  "/v3/{project_id}/agents/{agent_id}/remove-path": {
   "post": {
    "operationId": "RemoveAgentPath",
    "tags": [
     "Agents"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "agent_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AgentRemovePathReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AgentRemovePathResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Remove agent path"
   }
  },
  "/v3/{project_id}/backups": {
   "get": {
    "operationId": "ListBackups",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "checkpoint_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dec",
      "in": "query",
      "required": false,
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "end_time",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"
      }
     },
     {
      "name": "image_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "backup",
        "replication"
       ]
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "marker",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "resource_az",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "OS::Cinder::Volume",
        "OS::Nova::Server",
        "OS::Workspace::DesktopV2"
       ]
      }
     },
     {
      "name": "sort",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "maxLength": 255,
       "pattern": "^[a-z_]+(:(asc|desc))?(,[a-z_]+(:(asc|desc))?)*$"
      }
     },
     {
      "name": "start_time",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "array",
       "items": {
        "type": "string",
        "enum": [
         "available",
         "protecting",
         "deleting",
         "restoring",
         "error",
         "waiting_protect",
         "waiting_delete",
         "waiting_restore"
        ]
       }
      },
      "style": "form",
      "explode": true
     },
     {
      "name": "vault_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "enterprise_project_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "own_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "all_granted",
        "private",
        "shared"
       ],
       "default": "private"
      }
     },
     {
      "name": "member_status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "pending",
        "accepted",
        "rejected"
       ]
      }
     },
     {
      "name": "parent_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "used_percent",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^([1-9][0-9]?|100)$"
      }
     },
     {
      "name": "show_replication",
      "in": "query",
      "required": false,
      "schema": {
       "type": "boolean",
       "default": false
      }
     },
     {
      "name": "incremental",
      "in": "query",
      "required": false,
      "schema": {
       "type": "boolean",
       "default": false
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List backups"
   }
  },
  "/v3/{project_id}/backups/sync": {
   "post": {
    "operationId": "ImportBackup",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BackupSyncReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupSyncResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Import backup"
   }
  },
  "/v3/{project_id}/backups/{backup_id}": {
   "delete": {
    "operationId": "DeleteBackup",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete backup"
   },
   "get": {
    "operationId": "ShowBackup",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show backup"
   },
   "put": {
    "operationId": "UpdateBackup",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BackupUpdateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update backup"
   }
  },
  "/v3/{project_id}/backups/{backup_id}/members": {
   "get": {
    "operationId": "ShowMembersDetail",
    "tags": [
     "Sharing"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dest_project_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "image_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "marker",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "sort",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "maxLength": 255,
       "pattern": "^[a-z_]+(:(asc|desc))?(,[a-z_]+(:(asc|desc))?)*$"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/MembersList"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show members detail"
   },
   "post": {
    "operationId": "AddMember",
    "tags": [
     "Sharing"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AddMembersReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/MembersList"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Add member"
   }
  },
  "/v3/{project_id}/backups/{backup_id}/members/{member_id}": {
   "delete": {
    "operationId": "DeleteMember",
    "tags": [
     "Sharing"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "member_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete member"
   },
   "get": {
    "operationId": "ShowMemberDetail",
    "tags": [
     "Sharing"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "member_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/MemberResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show member detail"
   },
   "put": {
    "operationId": "UpdateMemberStatus",
    "tags": [
     "Sharing"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "member_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/UpdateMember"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/MemberResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update member status"
   }
  },
  "/v3/{project_id}/backups/{backup_id}/metadata": {
   "get": {
    "operationId": "ShowMetadata",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupMetadata"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show metadata"
   }
  },
  "/v3/{project_id}/backups/{backup_id}/replicate": {
   "post": {
    "operationId": "CopyBackup",
    "tags": [
     "Replication"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BackupReplicateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BackupReplicateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Copy backup"
   }
  },
  "/v3/{project_id}/backups/{backup_id}/restore": {
   "post": {
    "operationId": "RestoreBackup",
    "tags": [
     "Backups"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "backup_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BackupRestoreReq"
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Restore backup"
   }
  },
  "/v3/{project_id}/cbr-features": {
   "get": {
    "operationId": "ListFeatures",
    "tags": [
     "Features"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "minLength": 32,
       "maxLength": 64
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 1000
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "additionalProperties": true
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List features"
   }
  },
  "/v3/{project_id}/cbr-features/{feature_key}": {
   "get": {
    "operationId": "ShowFeature",
    "tags": [
     "Features"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "minLength": 32,
       "maxLength": 64
      }
     },
     {
      "name": "feature_key",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "minLength": 0,
       "maxLength": 255
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0,
       "maximum": 1000
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "additionalProperties": true
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show feature"
   }
  },
  "/v3/{project_id}/checkpoints": {
   "post": {
    "operationId": "CreateCheckpoint",
    "tags": [
     "Checkpoints"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultBackupReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/CheckpointResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create checkpoint"
   }
  },
  "/v3/{project_id}/checkpoints/replicate": {
   "post": {
    "operationId": "CopyCheckpoint",
    "tags": [
     "Replication"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CheckpointReplicateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/CheckpointReplicateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Copy checkpoint"
   }
  },
  "/v3/{project_id}/checkpoints/sync": {
   "post": {
    "operationId": "ImportCheckpoint",
    "tags": [
     "Checkpoints"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SyncReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/SyncResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Import checkpoint"
   }
  },
  "/v3/{project_id}/checkpoints/{checkpoint_id}": {
   "get": {
    "operationId": "ShowCheckpoint",
    "tags": [
     "Checkpoints"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "checkpoint_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/CheckpointResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show checkpoint"
   }
  },
  "/v3/{project_id}/operation-logs": {
   "get": {
    "operationId": "ListOpLogs",
    "tags": [
     "Operation logs"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "end_time",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "operation_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "backup",
        "copy",
        "replication",
        "delete",
        "restore",
        "vault_delete",
        "remove_resource",
        "sync",
        "update_expiration_time"
       ]
      }
     },
     {
      "name": "provider_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "start_time",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "success",
        "skipped",
        "failed",
        "running",
        "timeout",
        "waiting"
       ]
      }
     },
     {
      "name": "vault_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "enterprise_project_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OpListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List op logs"
   }
  },
  "/v3/{project_id}/operation-logs/{operation_log_id}": {
   "get": {
    "operationId": "ShowOpLog",
    "tags": [
     "Operation logs"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "operation_log_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OperationLogResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show op log"
   }
  },
  "/v3/{project_id}/orders/change": {
   "post": {
    "operationId": "ChangeOrder",
    "tags": [
     "Orders"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "minLength": 30,
       "maxLength": 64
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CbcOrderChange"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrderResponseBody"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Change order"
   }
  },
  "/v3/{project_id}/orders/{order_id}": {
   "put": {
    "operationId": "UpdateOrder",
    "tags": [
     "Orders"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "order_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CbcUpdate"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/UpdateOrderResponseBody"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update order"
   }
  },
  "/v3/{project_id}/organization-policies": {
   "get": {
    "operationId": "ListOrganizationPolicies",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "operation_type",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrganizationPoliciesListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List organization policies"
   },
   "post": {
    "operationId": "CreateOrganizationPolicy",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/OrganizationPolicyCreateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrganizationPolicyResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create organization policy"
   }
  },
  "/v3/{project_id}/organization-policies/{organization_policy_id}": {
   "delete": {
    "operationId": "DeleteOrganizationPolicy",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "organization_policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete organization policy"
   },
   "get": {
    "operationId": "ShowOrganizationPolicy",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "organization_policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrganizationPolicyResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show organization policy"
   },
   "put": {
    "operationId": "UpdateOrganizationPolicy",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "organization_policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/OrganizationPolicyUpdateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrganizationPolicyResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update organization policy"
   }
  },
  "/v3/{project_id}/organization-policies/{organization_policy_id}/policy-detail": {
   "get": {
    "operationId": "ListOrganizationPolicyDetail",
    "tags": [
     "Organization policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "organization_policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrganizationPolicyStatusListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List organization policy detail"
   }
  },
  "/v3/{project_id}/policies": {
   "get": {
    "operationId": "ListPolicies",
    "tags": [
     "Policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "operation_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "backup",
        "replication"
       ]
      }
     },
     {
      "name": "vault_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/PolicyListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List policies"
   },
   "post": {
    "operationId": "CreatePolicy",
    "tags": [
     "Policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/PolicyCreateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/PolicyCreateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create policy"
   }
  },
  "/v3/{project_id}/policies/{policy_id}": {
   "delete": {
    "operationId": "DeletePolicy",
    "tags": [
     "Policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete policy"
   },
   "get": {
    "operationId": "ShowPolicy",
    "tags": [
     "Policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/PolicyCreateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show policy"
   },
   "put": {
    "operationId": "UpdatePolicy",
    "tags": [
     "Policies"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "policy_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/PolicyUpdateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/PolicyCreateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update policy"
   }
  },
  "/v3/{project_id}/protectables/{protectable_type}/instances": {
   "get": {
    "operationId": "ListProtectable",
    "tags": [
     "Protectables"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "protectable_type",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "enum": [
        "server",
        "disk",
        "turbo",
        "workspace",
        "workspace_v2"
       ]
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 50
      }
     },
     {
      "name": "marker",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "server_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ProtectablesListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List protectable"
   }
  },
  "/v3/{project_id}/protectables/{protectable_type}/instances/{instance_id}": {
   "get": {
    "operationId": "ShowProtectable",
    "tags": [
     "Protectables"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "protectable_type",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "enum": [
        "server",
        "disk"
       ]
      }
     },
     {
      "name": "instance_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ProtectableGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show protectable"
   }
  },
  "/v3/{project_id}/replication-capabilities": {
   "get": {
    "operationId": "ShowReplicationCapabilities",
    "tags": [
     "Replication"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ProtectableReplicationCapabilitiesResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show replication capabilities"
   }
  },
  "/v3/{project_id}/storage_usage": {
   "get": {
    "operationId": "ShowStorageUsage",
    "tags": [
     "Storage usage"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "resource_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "OS::Nova::Server",
        "OS::Ironic::BareMetalServer"
       ]
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/StorageUsageResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show storage usage"
   }
  },
  "/v3/{project_id}/vault/resource_instances/action": {
   "post": {
    "operationId": "ShowVaultResourceInstances",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultResourceInstancesReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultResourceIntancesResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show vault resource instances"
   }
  },
  "/v3/{project_id}/vault/tags": {
   "get": {
    "operationId": "ShowVaultProjectTag",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultProjectTagGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show vault project tag"
   }
  },
  "/v3/{project_id}/vault/{vault_id}/tags": {
   "get": {
    "operationId": "ShowVaultTag",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultTagGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show vault tag"
   },
   "post": {
    "operationId": "CreateVaultTags",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultTagsCreateReq"
       }
      }
     }
    },
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create vault tags"
   }
  },
  "/v3/{project_id}/vault/{vault_id}/tags/action": {
   "post": {
    "operationId": "BatchCreateAndDeleteVaultTags",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BulkCreateAndDeleteVaultTagsReq"
       }
      }
     }
    },
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Batch create and delete vault tags"
   }
  },
  "/v3/{project_id}/vault/{vault_id}/tags/{key}": {
   "delete": {
    "operationId": "DeleteVaultTag",
    "tags": [
     "Tags"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "key",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete vault tag"
   }
  },
  "/v3/{project_id}/vaults": {
   "get": {
    "operationId": "ListVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "name",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "cloud_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "public",
        "hybrid"
       ]
      }
     },
     {
      "name": "protect_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string",
       "enum": [
        "backup",
        "replication"
       ]
      }
     },
     {
      "name": "object_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "enterprise_project_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "style": "form",
      "explode": true
     },
     {
      "name": "policy_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "status",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resource_ids",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List vault"
   },
   "post": {
    "operationId": "CreateVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultCreateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultCreateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create vault"
   }
  },
  "/v3/{project_id}/vaults/batch-update": {
   "put": {
    "operationId": "BatchUpdateVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BatchUpdateVaultRequestBody"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultBatchUpdateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Batch update vault"
   }
  },
  "/v3/{project_id}/vaults/change-charge-mode": {
   "post": {
    "operationId": "ChangeVaultChargeMode",
    "tags": [
     "Orders"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string",
       "minLength": 30,
       "maxLength": 64
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ChangeToPeriod"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OrderResponseBody"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Change vault charge mode"
   }
  },
  "/v3/{project_id}/vaults/external": {
   "get": {
    "operationId": "ListExternalVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "external_project_id",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 1,
       "maximum": 1000
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "format": "int32",
       "minimum": 0
      }
     },
     {
      "name": "protect_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "region_id",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "objcet_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "cloud_type",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "query",
      "required": false,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultListResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "List external vault"
   }
  },
  "/v3/{project_id}/vaults/order": {
   "post": {
    "operationId": "CreatePostPaidVault",
    "tags": [
     "Orders"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultOrderCreateReqs"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultOrderCreateRes"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Create post paid vault"
   }
  },
  "/v3/{project_id}/vaults/summary": {
   "get": {
    "operationId": "ShowSummary",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ResSummary"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show summary"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}": {
   "delete": {
    "operationId": "DeleteVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "204": {
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Delete vault"
   },
   "get": {
    "operationId": "ShowVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Show vault"
   },
   "put": {
    "operationId": "UpdateVault",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultUpdateReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultGetResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update vault"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/addresources": {
   "post": {
    "operationId": "AddVaultResource",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultAddResourceReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultAddResourceResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Add vault resource"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/associatepolicy": {
   "post": {
    "operationId": "AssociateVaultPolicy",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultAssociate"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultAssociateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Associate vault policy"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/dissociatepolicy": {
   "post": {
    "operationId": "DisassociateVaultPolicy",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultDissociate"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultDissociateResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Disassociate vault policy"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/migrateresources": {
   "post": {
    "operationId": "MigrateVaultResource",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultMigrateResourceReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultMigrateResourceResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Migrate vault resource"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/removeresources": {
   "post": {
    "operationId": "RemoveVaultResource",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultRemoveResourceReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultRemoveResourceResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Remove vault resource"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/set-resources": {
   "put": {
    "operationId": "SetVaultResource",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VaultSetResourceReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VaultSetResourceResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Set vault resource"
   }
  },
  "/v3/{project_id}/vaults/{vault_id}/update-backup-expiration-time": {
   "put": {
    "operationId": "UpdateExpirationTime",
    "tags": [
     "Vaults"
    ],
    "parameters": [
     {
      "name": "project_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "vault_id",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/UpdateExpirationTimeReq"
       }
      }
     }
    },
    "responses": {
     "200": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/UpdateExpirationTimeResp"
        }
       }
      },
      "description": "Carried out."
     },
     "400": {
      "$ref": "#/components/responses/BadRequest"
     },
     "401": {
      "$ref": "#/components/responses/Unauthorized"
     },
     "403": {
      "$ref": "#/components/responses/Forbidden"
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     },
     "500": {
      "$ref": "#/components/responses/InternalError"
     }
    },
    "summary": "Update expiration time"
   }
  },
  "/": {
   "get": {
    "operationId": "ListVersions",
    "tags": [
     "Versions"
    ],
    "security": [],
    "responses": {
     "300": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ApiVersionList"
        }
       }
      },
      "description": "Carried out."
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     }
    },
    "summary": "List versions"
   }
  },
  "/{api_version}": {
   "get": {
    "operationId": "ShowVersion",
    "tags": [
     "Versions"
    ],
    "security": [],
    "responses": {
     "300": {
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ApiVersionList"
        }
       }
      },
      "description": "Carried out."
     },
     "404": {
      "$ref": "#/components/responses/NotFound"
     }
    },
    "parameters": [
     {
      "name": "api_version",
      "in": "path",
      "required": true,
      "schema": {
       "type": "string"
      }
     }
    ],
    "summary": "Show version"
   }
  }
 },
 "components": {
  "securitySchemes": {
   "XAuthToken": {
    "type": "apiKey",
    "in": "header",
    "name": "X-Auth-Token",
    "description": "A token for the project."
   },
   "AkSk": {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "An SDK-HMAC-SHA256 signature."
   }
  },
  "responses": {
   "BadRequest": {
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/ErrorResponse"
      }
     }
    },
    "description": "Refused: the request breaks a rule."
   },
   "Unauthorized": {
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/ErrorResponse"
      }
     }
    },
    "description": "Refused: the sender is not known."
   },
   "Forbidden": {
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/ErrorResponse"
      }
     }
    },
    "description": "Refused: the sender may not do this."
   },
   "NotFound": {
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/ErrorResponse"
      }
     }
    },
    "description": "Refused: there is no such object."
   },
   "InternalError": {
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/ErrorResponse"
      }
     }
    },
    "description": "Failed: a fault of the service."
   }
  },
  "schemas": {
   "AddMembersReq": {
    "type": "object",
    "properties": {
     "domains": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "members": {
      "type": "array",
      "minItems": 1,
      "maxItems": 10,
      "items": {
       "type": "string"
      }
     }
    }
   },
   "Agent": {
    "type": "object",
    "properties": {
     "agent_id": {
      "type": "string"
     },
     "agent_type": {
      "type": "string"
     },
     "agent_version": {
      "type": "string"
     },
     "created_at": {
      "type": "string",
      "format": "date-time"
     },
     "host_ip": {
      "type": "string"
     },
     "host_name": {
      "type": "string"
     },
     "host_nickname": {
      "type": "string",
      "nullable": true
     },
     "host_os": {
      "type": "string"
     },
     "last_active_time": {
      "type": "string",
      "format": "date-time",
      "nullable": true
     },
     "paths": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Path"
      },
      "nullable": true
     },
     "status": {
      "type": "string"
     },
     "updated_at": {
      "type": "string",
      "format": "date-time",
      "nullable": true
     }
    },
    "required": [
     "agent_id"
    ]
   },
   "AgentAddPathReq": {
    "type": "object",
    "properties": {
     "add_path": {
      "type": "array",
      "items": {
       "type": "string",
       "pattern": "(^[a-zA-Z]:(\\\\\\\\)+[(\\\\\\\\)+\\\\S|*\\\\S]?.*$|(^//.|^/|^[a-zA-Z])?:?/.+(/$)?)"
      }
     },
     "exclude_path": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ExcludePath"
      }
     }
    },
    "required": [
     "add_path"
    ]
   },
   "AgentAddPathResp": {
    "type": "object",
    "properties": {
     "added": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "existed": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    }
   },
   "AgentGetResp": {
    "type": "object",
    "properties": {
     "agent": {
      "$ref": "#/components/schemas/Agent"
     }
    },
    "required": [
     "agent"
    ]
   },
   "AgentListResp": {
    "type": "object",
    "properties": {
     "agents": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Agent"
      }
     },
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32"
     },
     "offset": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "AgentRegister": {
    "type": "object",
    "properties": {
     "agent_id": {
      "type": "string"
     },
     "agent_type": {
      "type": "string"
     },
     "agent_version": {
      "type": "string",
      "pattern": "((\\d){1,3}\\.){2}(\\d){1,3}$"
     },
     "host_ip": {
      "type": "string"
     },
     "host_name": {
      "type": "string"
     },
     "host_nickname": {
      "type": "string"
     },
     "host_os": {
      "type": "string"
     }
    },
    "required": [
     "agent_id",
     "host_ip",
     "host_name",
     "host_os"
    ]
   },
   "AgentRegisterReq": {
    "type": "object",
    "properties": {
     "agent": {
      "$ref": "#/components/schemas/AgentRegister"
     }
    },
    "required": [
     "agent"
    ]
   },
   "AgentRemovePathReq": {
    "type": "object",
    "properties": {
     "remove_path": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "remove_path"
    ]
   },
   "AgentRemovePathResp": {
    "type": "object",
    "properties": {
     "not_existed": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "removed": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    }
   },
   "AgentUpdate": {
    "type": "object",
    "properties": {
     "status": {
      "type": "string",
      "enum": [
       "uninstall"
      ]
     }
    },
    "required": [
     "status"
    ]
   },
   "AgentUpdateReq": {
    "type": "object",
    "properties": {
     "agent": {
      "$ref": "#/components/schemas/AgentUpdate"
     }
    },
    "required": [
     "agent"
    ]
   },
   "BackupExtendInfo": {
    "type": "object",
    "properties": {
     "auto_trigger": {
      "type": "boolean"
     },
     "bootable": {
      "type": "boolean",
      "nullable": true
     },
     "contain_system_disk": {
      "type": "boolean"
     },
     "encrypted": {
      "type": "boolean"
     },
     "is_multi_az": {
      "type": "boolean",
      "default": false
     },
     "os_images_data": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ImageData"
      },
      "nullable": true
     },
     "snapshot_id": {
      "type": "string",
      "nullable": true
     },
     "support_lld": {
      "type": "boolean",
      "nullable": true
     },
     "supported_restore_mode": {
      "type": "string",
      "enum": [
       "na",
       "backup",
       "snapshot",
       null
      ],
      "default": "na",
      "nullable": true
     },
     "system_disk": {
      "type": "boolean"
     },
     "progress": {
      "type": "integer",
      "nullable": true
     },
     "architecture": {
      "type": "string",
      "nullable": true
     },
     "app_consistency": {
      "type": "object",
      "nullable": true,
      "properties": {
       "app_consistency": {
        "type": "string",
        "nullable": true
       },
       "app_consistency_status": {
        "type": "string",
        "nullable": true
       },
       "app_consistency_error_code": {
        "type": "string",
        "nullable": true
       },
       "app_consistency_error_message": {
        "type": "string",
        "nullable": true
       }
      }
     }
    }
   },
   "BackupGetResp": {
    "type": "object",
    "properties": {
     "backup": {
      "$ref": "#/components/schemas/BackupResp"
     }
    },
    "required": [
     "backup"
    ]
   },
   "BackupListResp": {
    "type": "object",
    "properties": {
     "backups": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/BackupResp"
      }
     },
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 1000
     },
     "offset": {
      "type": "integer",
      "format": "int32",
      "default": 0,
      "minimum": 0
     }
    },
    "required": [
     "backups",
     "count"
    ]
   },
   "BackupMetadata": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "backups": {
      "type": "string"
     },
     "flavor": {
      "type": "string"
     },
     "floatingips": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "interface": {
      "type": "string"
     },
     "ports": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "server": {
      "type": "string"
     },
     "volumes": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "workspace": {
      "type": "string"
     }
    },
    "required": [
     "backup_id",
     "backups",
     "flavor",
     "floatingips",
     "interface",
     "ports",
     "server",
     "volumes"
    ]
   },
   "BackupReplicateReq": {
    "type": "object",
    "properties": {
     "replicate": {
      "$ref": "#/components/schemas/BackupReplicateReqBody"
     }
    },
    "required": [
     "replicate"
    ]
   },
   "BackupReplicateReqBody": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[^<>]*$"
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[a-zA-Z0-9._\\-]*$"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "enable_acceleration": {
      "type": "boolean",
      "default": false
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "cross_account_urn": {
      "type": "string"
     }
    },
    "required": [
     "destination_project_id",
     "destination_region",
     "destination_vault_id"
    ]
   },
   "BackupReplicateResp": {
    "type": "object",
    "properties": {
     "replication": {
      "$ref": "#/components/schemas/BackupReplicateRespBody"
     }
    },
    "required": [
     "replication"
    ]
   },
   "BackupReplicateRespBody": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string"
     },
     "replication_record_id": {
      "type": "string"
     },
     "source_region": {
      "type": "string"
     }
    }
   },
   "BackupResp": {
    "type": "object",
    "properties": {
     "checkpoint_id": {
      "type": "string",
      "nullable": true
     },
     "children": {
      "type": "array",
      "minItems": 0,
      "items": {
       "$ref": "#/components/schemas/BackupResp"
      },
      "nullable": true
     },
     "created_at": {
      "type": "string",
      "format": "date-time"
     },
     "description": {
      "type": "string",
      "nullable": true
     },
     "enterprise_project_id": {
      "type": "string",
      "nullable": true
     },
     "expired_at": {
      "type": "string",
      "format": "date-time",
      "nullable": true
     },
     "extend_info": {
      "$ref": "#/components/schemas/BackupExtendInfo"
     },
     "id": {
      "type": "string"
     },
     "image_type": {
      "type": "string"
     },
     "incremental": {
      "type": "boolean",
      "nullable": true
     },
     "name": {
      "type": "string"
     },
     "parent_id": {
      "type": "string",
      "nullable": true
     },
     "project_id": {
      "type": "string"
     },
     "protected_at": {
      "type": "string",
      "format": "date",
      "nullable": true
     },
     "provider_id": {
      "type": "string"
     },
     "replication_records": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ReplicationRecordGet"
      },
      "nullable": true
     },
     "resource_az": {
      "type": "string",
      "nullable": true
     },
     "resource_id": {
      "type": "string"
     },
     "resource_name": {
      "type": "string"
     },
     "resource_size": {
      "type": "integer",
      "format": "int32"
     },
     "resource_type": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "available",
       "protecting",
       "deleting",
       "restoring",
       "error",
       "waiting_protect",
       "waiting_delete",
       "waiting_restore"
      ]
     },
     "updated_at": {
      "type": "string",
      "format": "date-time",
      "nullable": true
     },
     "vault_id": {
      "type": "string"
     },
     "version": {
      "type": "integer",
      "format": "int32",
      "default": 3,
      "readOnly": true
     },
     "scheduled_operation_id": {
      "type": "string"
     }
    },
    "required": [
     "checkpoint_id",
     "created_at",
     "description",
     "expired_at",
     "extend_info",
     "id",
     "image_type",
     "name",
     "parent_id",
     "project_id",
     "protected_at",
     "provider_id",
     "resource_az",
     "resource_id",
     "resource_name",
     "resource_size",
     "resource_type",
     "status",
     "updated_at",
     "vault_id"
    ]
   },
   "BackupRestore": {
    "type": "object",
    "properties": {
     "details": {
      "$ref": "#/components/schemas/RestoreDetails"
     },
     "mappings": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/BackupRestoreServerMapping"
      }
     },
     "power_on": {
      "type": "boolean",
      "default": true
     },
     "resource_id": {
      "type": "string"
     },
     "server_id": {
      "type": "string"
     },
     "volume_id": {
      "type": "string"
     }
    }
   },
   "BackupRestoreReq": {
    "type": "object",
    "properties": {
     "restore": {
      "$ref": "#/components/schemas/BackupRestore"
     }
    },
    "required": [
     "restore"
    ]
   },
   "BackupRestoreServerMapping": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "volume_id": {
      "type": "string"
     }
    },
    "required": [
     "backup_id",
     "volume_id"
    ]
   },
   "BackupSync": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "backup_name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "bucket_name": {
      "type": "string"
     },
     "created_at": {
      "type": "integer",
      "format": "int32"
     },
     "image_path": {
      "type": "string"
     },
     "resource_id": {
      "type": "string"
     },
     "resource_name": {
      "type": "string"
     },
     "resource_type": {
      "type": "string",
      "default": "OS::Native::Server"
     }
    },
    "required": [
     "backup_id",
     "backup_name",
     "bucket_name",
     "created_at",
     "image_path",
     "resource_id",
     "resource_name",
     "resource_type"
    ]
   },
   "BackupSyncReq": {
    "type": "object",
    "properties": {
     "sync": {
      "type": "array",
      "minItems": 1,
      "maxItems": 50,
      "items": {
       "$ref": "#/components/schemas/BackupSync"
      }
     }
    },
    "required": [
     "sync"
    ]
   },
   "BackupSyncResp": {
    "type": "object",
    "properties": {
     "sync": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/BackupSyncRespBody"
      }
     }
    },
    "required": [
     "sync"
    ]
   },
   "BackupSyncRespBody": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "operation_log_id": {
      "type": "string"
     }
    },
    "required": [
     "backup_id",
     "operation_log_id"
    ]
   },
   "BackupUpdate": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     }
    }
   },
   "BackupUpdateReq": {
    "type": "object",
    "properties": {
     "backup": {
      "$ref": "#/components/schemas/BackupUpdate"
     }
    }
   },
   "BatchUpdateVaultRequestBody": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/VaultBatchUpdate"
     }
    },
    "required": [
     "vault"
    ]
   },
   "Billing": {
    "type": "object",
    "properties": {
     "allocated": {
      "type": "integer",
      "format": "int32"
     },
     "charging_mode": {
      "type": "string",
      "enum": [
       "pre_paid",
       "post_paid"
      ]
     },
     "cloud_type": {
      "type": "string",
      "enum": [
       "public",
       "hybrid"
      ]
     },
     "consistent_level": {
      "type": "string",
      "enum": [
       "app_consistent",
       "crash_consistent"
      ]
     },
     "frozen_scene": {
      "type": "string",
      "nullable": true
     },
     "is_multi_az": {
      "type": "boolean",
      "default": false
     },
     "object_type": {
      "type": "string",
      "enum": [
       "server",
       "disk",
       "turbo",
       "workspace",
       "vmware",
       "rds",
       "file"
      ]
     },
     "order_id": {
      "type": "string",
      "nullable": true
     },
     "product_id": {
      "type": "string",
      "nullable": true
     },
     "protect_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication",
       "hybrid"
      ]
     },
     "size": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 10485760
     },
     "spec_code": {
      "type": "string",
      "enum": [
       "vault.backup.server.normal",
       "vault.backup.volume.normal",
       "vault.backup.turbo.normal",
       "vault.backup.database.normal",
       "vault.hybrid.server.normal",
       "vault.replication.server.normal",
       "vault.backup.rds.normal"
      ]
     },
     "status": {
      "type": "string",
      "enum": [
       "available",
       "lock",
       "frozen",
       "deleting",
       "error"
      ]
     },
     "storage_unit": {
      "type": "string",
      "nullable": true
     },
     "used": {
      "type": "integer",
      "format": "int32"
     },
     "partner_bp_id": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "allocated",
     "charging_mode",
     "consistent_level",
     "protect_type",
     "size",
     "spec_code",
     "status",
     "used"
    ]
   },
   "BillingCreate": {
    "type": "object",
    "properties": {
     "charging_mode": {
      "type": "string",
      "enum": [
       "post_paid",
       "pre_paid"
      ],
      "default": "post_paid"
     },
     "cloud_type": {
      "type": "string",
      "enum": [
       "public",
       "hybrid"
      ]
     },
     "consistent_level": {
      "type": "string",
      "enum": [
       "app_consistent",
       "crash_consistent"
      ]
     },
     "console_url": {
      "type": "string",
      "minLength": 1,
      "maxLength": 255
     },
     "is_auto_pay": {
      "type": "boolean",
      "default": false
     },
     "is_auto_renew": {
      "type": "boolean",
      "default": false
     },
     "is_multi_az": {
      "type": "boolean",
      "default": false
     },
     "object_type": {
      "type": "string",
      "enum": [
       "server",
       "disk",
       "turbo",
       "workspace",
       "vmware",
       "rds",
       "file"
      ]
     },
     "period_num": {
      "type": "integer",
      "format": "int32"
     },
     "period_type": {
      "type": "string",
      "enum": [
       "year",
       "month"
      ]
     },
     "protect_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication"
      ]
     },
     "size": {
      "type": "integer",
      "format": "int32",
      "minimum": 10,
      "maximum": 10485760
     }
    },
    "required": [
     "consistent_level",
     "object_type",
     "protect_type",
     "size"
    ]
   },
   "BillingUpdate": {
    "type": "object",
    "properties": {
     "consistent_level": {
      "type": "string",
      "enum": [
       "app_consistent",
       "crash_consistent"
      ]
     },
     "size": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 10485760
     }
    }
   },
   "BindRulesTags": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string"
     },
     "value": {
      "type": "string"
     }
    },
    "required": [
     "key",
     "value"
    ]
   },
   "BulkCreateAndDeleteVaultTagsReq": {
    "type": "object",
    "properties": {
     "action": {
      "type": "string",
      "enum": [
       "create",
       "delete"
      ]
     },
     "sys_tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/SysTag"
      }
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/BulkCreateAndDeleteTags"
      },
      "minItems": 1,
      "maxItems": 10
     }
    },
    "required": [
     "action"
    ]
   },
   "CbcOrderChange": {
    "type": "object",
    "properties": {
     "cloud_service_console_url": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512
     },
     "is_auto_pay": {
      "type": "boolean"
     },
     "product_info": {
      "$ref": "#/components/schemas/CbcProductInfoOrderChange"
     },
     "promotion_info": {
      "type": "string"
     },
     "resource_id": {
      "type": "string"
     }
    },
    "required": [
     "product_info",
     "resource_id"
    ]
   },
   "CbcOrderResult": {
    "type": "object",
    "properties": {
     "cloudServiceId": {
      "type": "string"
     },
     "orderId": {
      "type": "string"
     },
     "resourceId": {
      "type": "string"
     },
     "subscribeResult": {
      "type": "integer",
      "format": "int32"
     }
    },
    "required": [
     "orderId",
     "subscribeResult"
    ]
   },
   "CbcProductInfoOrderChange": {
    "type": "object",
    "properties": {
     "product_id": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[a-zA-Z0-9_\\-]*$"
     },
     "resource_size": {
      "type": "integer",
      "format": "int32",
      "minimum": 10,
      "maximum": 10485760
     },
     "resource_size_measure_id": {
      "type": "integer",
      "format": "int32",
      "default": 17
     },
     "resource_spec_code": {
      "type": "string",
      "enum": [
       "vault.backup.server.normal",
       "vault.backup.turbo.normal",
       "vault.backup.database.normal",
       "vault.backup.volume.normal",
       "vault.backup.rds.normal",
       "vault.replication.server.normal",
       "vault.hybrid.server.normal"
      ]
     }
    },
    "required": [
     "product_id",
     "resource_size",
     "resource_spec_code"
    ]
   },
   "CbcProductInfoUpdate": {
    "type": "object",
    "properties": {
     "productId": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[a-zA-Z0-9_\\-]*$"
     },
     "resourceSize": {
      "type": "integer",
      "format": "int32",
      "minimum": 10,
      "maximum": 10485760
     },
     "resourceSizeMeasureId": {
      "type": "integer",
      "format": "int32",
      "default": 17
     },
     "resourceSpecCode": {
      "type": "string"
     }
    },
    "required": [
     "productId",
     "resourceSize",
     "resourceSpecCode"
    ]
   },
   "CbcUpdate": {
    "type": "object",
    "properties": {
     "cloudServiceConsoleURL": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512
     },
     "productInfo": {
      "$ref": "#/components/schemas/CbcProductInfoUpdate"
     },
     "promotion_info": {
      "type": "string"
     },
     "resourceId": {
      "type": "string"
     }
    },
    "required": [
     "productInfo",
     "resourceId"
    ]
   },
   "ChangeToPeriod": {
    "type": "object",
    "properties": {
     "charging_mode": {
      "type": "string",
      "minLength": 8,
      "maxLength": 16,
      "pattern": "^[a-zA-Z0-9_\\-]*$"
     },
     "console_url": {
      "type": "string",
      "minLength": 1,
      "maxLength": 255
     },
     "is_auto_pay": {
      "type": "boolean",
      "default": false
     },
     "is_auto_renew": {
      "type": "boolean",
      "default": false
     },
     "period_num": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 9
     },
     "period_type": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[a-zA-Z0-9_\\-]*$"
     },
     "vault_ids": {
      "type": "array",
      "minItems": 1,
      "maxItems": 60,
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "period_num",
     "period_type",
     "vault_ids"
    ]
   },
   "CheckpointCreate": {
    "type": "object",
    "properties": {
     "created_at": {
      "type": "string"
     },
     "extra_info": {
      "allOf": [
       {
        "$ref": "#/components/schemas/CheckpointExtraInfoResp"
       }
      ],
      "nullable": true
     },
     "id": {
      "type": "string"
     },
     "project_id": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "available",
       "deleting",
       "protecting",
       "deleted",
       "error-deleting",
       "error"
      ]
     },
     "vault": {
      "$ref": "#/components/schemas/CheckpointPlanCreate"
     }
    },
    "required": [
     "created_at",
     "id",
     "project_id",
     "status"
    ]
   },
   "CheckpointCreateSkippedResource": {
    "type": "object",
    "properties": {
     "code": {
      "type": "string"
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "reason": {
      "type": "string"
     },
     "type": {
      "type": "string"
     }
    }
   },
   "CheckpointExtraInfoResp": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string",
      "nullable": true
     },
     "name": {
      "type": "string",
      "nullable": true
     },
     "retention_duration": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "CheckpointParam": {
    "type": "object",
    "properties": {
     "auto_trigger": {
      "type": "boolean",
      "default": false
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "incremental": {
      "type": "boolean",
      "default": true
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[a-zA-Z0-9_\\-]*$"
     },
     "resource_details": {
      "type": "array",
      "minItems": 0,
      "maxItems": 256,
      "items": {
       "$ref": "#/components/schemas/Resource"
      }
     },
     "resources": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "policy_id": {
      "type": "string"
     },
     "retention_duration_days": {
      "type": "integer",
      "format": "int32",
      "default": -1,
      "minimum": -1,
      "maximum": 36500
     }
    }
   },
   "CheckpointPlanCreate": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/CheckpointResourceResp"
      }
     },
     "skipped_resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/CheckpointCreateSkippedResource"
      }
     },
     "provider_id": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "name"
    ]
   },
   "CheckpointReplicateParam": {
    "type": "object",
    "properties": {
     "auto_trigger": {
      "type": "boolean"
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[a-zA-Z0-9._\\-]*$"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "enable_acceleration": {
      "type": "boolean"
     },
     "vault_id": {
      "type": "string"
     },
     "cross_account_urn": {
      "type": "string"
     }
    },
    "required": [
     "destination_project_id",
     "destination_region",
     "destination_vault_id",
     "vault_id"
    ]
   },
   "CheckpointReplicateReq": {
    "type": "object",
    "properties": {
     "replicate": {
      "$ref": "#/components/schemas/CheckpointReplicateParam"
     }
    },
    "required": [
     "replicate"
    ]
   },
   "CheckpointReplicateResp": {
    "type": "object",
    "properties": {
     "replication": {
      "$ref": "#/components/schemas/CheckpointReplicateRespBody"
     }
    }
   },
   "CheckpointReplicateRespBody": {
    "type": "object",
    "properties": {
     "backups": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/CheckpointReplicateRespbackups"
      }
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string"
     },
     "source_region": {
      "type": "string"
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "backups",
     "destination_project_id",
     "destination_region",
     "destination_vault_id",
     "project_id",
     "provider_id",
     "source_region",
     "vault_id"
    ]
   },
   "CheckpointReplicateRespbackups": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "replication_record_id": {
      "type": "string"
     }
    },
    "required": [
     "backup_id",
     "replication_record_id"
    ]
   },
   "CheckpointResourceResp": {
    "type": "object",
    "properties": {
     "backup_count": {
      "type": "string",
      "nullable": true
     },
     "backup_size": {
      "type": "string",
      "nullable": true
     },
     "extra_info": {
      "type": "string",
      "nullable": true
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "protect_status": {
      "type": "string",
      "enum": [
       "available",
       "error",
       "protecting",
       "restoring",
       "removing"
      ]
     },
     "resource_size": {
      "type": "string",
      "nullable": true
     },
     "type": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "name",
     "type"
    ]
   },
   "CheckpointResp": {
    "type": "object",
    "properties": {
     "checkpoint": {
      "$ref": "#/components/schemas/CheckpointCreate"
     }
    },
    "required": [
     "checkpoint"
    ]
   },
   "CombinedOrder": {
    "type": "object",
    "properties": {
     "combined_order_ecs_num": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 1000
     },
     "combined_order_id": {
      "type": "string"
     },
     "combined_order_num": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 1000
     }
    }
   },
   "DomainMigrate": {
    "type": "object",
    "properties": {
     "all_regions": {
      "type": "boolean",
      "default": true
     },
     "reservation": {
      "type": "number",
      "format": "float",
      "default": 0.2,
      "minimum": 0,
      "maximum": 1
     }
    },
    "required": [
     "all_regions",
     "reservation"
    ]
   },
   "DomainMigrateProjectStatus": {
    "type": "object",
    "properties": {
     "fail_code": {
      "type": "integer",
      "format": "int32"
     },
     "fail_reason": {
      "type": "string"
     },
     "progress": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "project_id": {
      "type": "string"
     },
     "project_name": {
      "type": "string"
     },
     "region_id": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "migrating",
       "success",
       "failed"
      ]
     }
    },
    "required": [
     "project_id",
     "project_name",
     "status"
    ]
   },
   "DomainMigrateResp": {
    "type": "object",
    "properties": {
     "project_status": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/DomainMigrateProjectStatus"
      }
     },
     "status": {
      "type": "string",
      "enum": [
       "success",
       "failed",
       "migrating"
      ]
     }
    }
   },
   "DomainProjectsInfo": {
    "type": "object",
    "properties": {
     "project_id": {
      "type": "string"
     },
     "project_name": {
      "type": "string"
     }
    },
    "required": [
     "project_id",
     "project_name"
    ]
   },
   "DomainResp": {
    "type": "object",
    "properties": {
     "domain_id": {
      "type": "string"
     },
     "domain_name": {
      "type": "string"
     },
     "project_id": {
      "type": "string"
     },
     "project_name": {
      "type": "string"
     }
    },
    "required": [
     "domain_id",
     "domain_name",
     "project_id",
     "project_name"
    ]
   },
   "ErrorResponse": {
    "type": "object",
    "required": [
     "error_code",
     "error_msg"
    ],
    "properties": {
     "error_code": {
      "type": "string"
     },
     "error_msg": {
      "type": "string"
     }
    }
   },
   "ExcludePath": {
    "type": "object",
    "properties": {
     "exclude_path_name": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "path_name": {
      "type": "string"
     }
    }
   },
   "ImageData": {
    "type": "object",
    "properties": {
     "image_id": {
      "type": "string"
     }
    }
   },
   "InstancesResourceDetail": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/Vault"
     }
    }
   },
   "ListDomainProjectsResp": {
    "type": "object",
    "properties": {
     "projects": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/DomainProjectsInfo"
      }
     }
    }
   },
   "ListProjectsResp": {
    "type": "object",
    "properties": {
     "links": {
      "$ref": "#/components/schemas/SelfLinksInfo"
     },
     "projects": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ProjectsListInfo"
      }
     }
    }
   },
   "Match": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string",
      "enum": [
       "resource_name"
      ]
     },
     "value": {
      "type": "string",
      "maxLength": 255
     }
    },
    "required": [
     "key",
     "value"
    ]
   },
   "Member": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "created_at": {
      "type": "string"
     },
     "dest_project_id": {
      "type": "string"
     },
     "id": {
      "type": "string"
     },
     "image_id": {
      "type": "string",
      "nullable": true
     },
     "status": {
      "type": "string",
      "enum": [
       "pending",
       "accepted",
       "rejected"
      ]
     },
     "updated_at": {
      "type": "string",
      "nullable": true
     },
     "vault_id": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "status"
    ]
   },
   "MemberResp": {
    "type": "object",
    "properties": {
     "member": {
      "$ref": "#/components/schemas/Member"
     }
    },
    "required": [
     "member"
    ]
   },
   "MembersList": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "members": {
      "type": "array",
      "minItems": 0,
      "items": {
       "$ref": "#/components/schemas/Member"
      }
     }
    },
    "required": [
     "members"
    ]
   },
   "OpErrorInfo": {
    "type": "object",
    "properties": {
     "code": {
      "type": "string",
      "nullable": true
     },
     "message": {
      "type": "string",
      "nullable": true
     }
    }
   },
   "OpExtendInfoBckup": {
    "type": "object",
    "properties": {
     "app_consistency_error_code": {
      "type": "string"
     },
     "app_consistency_error_message": {
      "type": "string"
     },
     "app_consistency_status": {
      "type": "string",
      "enum": [
       "0",
       "1"
      ]
     },
     "backup_id": {
      "type": "string"
     },
     "backup_name": {
      "type": "string"
     },
     "incremental": {
      "type": "string",
      "enum": [
       "true",
       "false"
      ]
     }
    },
    "required": [
     "backup_id"
    ]
   },
   "OpExtendInfoCommon": {
    "type": "object",
    "properties": {
     "progress": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "request_id": {
      "type": "string"
     },
     "task_id": {
      "type": "string"
     }
    },
    "required": [
     "progress",
     "request_id"
    ]
   },
   "OpExtendInfoDelete": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "backup_name": {
      "type": "string"
     }
    },
    "required": [
     "backup_id",
     "backup_name"
    ]
   },
   "OpExtendInfoRemoveResources": {
    "type": "object",
    "properties": {
     "fail_count": {
      "type": "integer",
      "format": "int32"
     },
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Resource"
      }
     },
     "total_count": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "OpExtendInfoReplication": {
    "type": "object",
    "properties": {
     "destination_backup_id": {
      "type": "string"
     },
     "destination_backup_name": {
      "type": "string"
     },
     "destination_checkpoint_id": {
      "type": "string"
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string"
     },
     "source_backup_id": {
      "type": "string"
     },
     "source_backup_name": {
      "type": "string"
     },
     "source_checkpoint_id": {
      "type": "string"
     },
     "source_project_id": {
      "type": "string"
     },
     "source_region": {
      "type": "string"
     }
    },
    "required": [
     "destination_project_id",
     "destination_region",
     "source_backup_id",
     "source_project_id",
     "source_region"
    ]
   },
   "OpExtendInfoRestore": {
    "type": "object",
    "properties": {
     "backup_id": {
      "type": "string"
     },
     "backup_name": {
      "type": "string"
     },
     "target_resource_id": {
      "type": "string"
     },
     "target_resource_name": {
      "type": "string"
     }
    }
   },
   "OpExtendInfoSync": {
    "type": "object",
    "properties": {
     "delete_backup_num": {
      "type": "integer",
      "format": "int32"
     },
     "err_sync_backup_num": {
      "type": "integer",
      "format": "int32"
     },
     "sync_backup_num": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "OpExtendInfoVaultDelete": {
    "type": "object",
    "properties": {
     "fail_count": {
      "type": "integer",
      "format": "int32"
     },
     "total_count": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "OpExtraInfo": {
    "type": "object",
    "properties": {
     "backup": {
      "$ref": "#/components/schemas/OpExtendInfoBckup"
     },
     "common": {
      "$ref": "#/components/schemas/OpExtendInfoCommon"
     },
     "delete": {
      "$ref": "#/components/schemas/OpExtendInfoDelete"
     },
     "remove_resources": {
      "$ref": "#/components/schemas/OpExtendInfoRemoveResources"
     },
     "replication": {
      "$ref": "#/components/schemas/OpExtendInfoReplication"
     },
     "resource": {
      "$ref": "#/components/schemas/Resource"
     },
     "restore": {
      "$ref": "#/components/schemas/OpExtendInfoRestore"
     },
     "sync": {
      "$ref": "#/components/schemas/OpExtendInfoSync"
     },
     "vault_delete": {
      "$ref": "#/components/schemas/OpExtendInfoVaultDelete"
     },
     "update_expiration_time": {
      "$ref": "#/components/schemas/OpExtendInfoUpdateExpirationTime"
     }
    },
    "required": [
     "common",
     "resource"
    ]
   },
   "OpListResp": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32",
      "default": 1000,
      "minimum": 1,
      "maximum": 1000
     },
     "offset": {
      "type": "integer",
      "format": "int32",
      "default": 0,
      "minimum": 0
     },
     "operation_logs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/OperationLog"
      }
     }
    },
    "required": [
     "count",
     "operation_logs"
    ]
   },
   "OperationLog": {
    "type": "object",
    "properties": {
     "checkpoint_id": {
      "type": "string",
      "nullable": true
     },
     "created_at": {
      "type": "string"
     },
     "ended_at": {
      "type": "string",
      "nullable": true
     },
     "error_info": {
      "$ref": "#/components/schemas/OpErrorInfo"
     },
     "extra_info": {
      "$ref": "#/components/schemas/OpExtraInfo"
     },
     "id": {
      "type": "string"
     },
     "operation_type": {
      "type": "string",
      "enum": [
       "backup",
       "copy",
       "replication",
       "restore",
       "delete",
       "sync",
       "vault_delete",
       "remove_resource",
       "update_expiration_time"
      ]
     },
     "policy_id": {
      "type": "string",
      "nullable": true
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string",
      "nullable": true
     },
     "started_at": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "success",
       "skipped",
       "failed",
       "running",
       "timeout",
       "waiting"
      ]
     },
     "updated_at": {
      "type": "string"
     },
     "vault_id": {
      "type": "string",
      "nullable": true
     },
     "vault_name": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "created_at",
     "error_info",
     "id",
     "project_id",
     "started_at",
     "status",
     "updated_at"
    ]
   },
   "OperationLogResp": {
    "type": "object",
    "properties": {
     "operation_log": {
      "$ref": "#/components/schemas/OperationLog"
     }
    }
   },
   "OrderResponseBody": {
    "type": "object",
    "properties": {
     "orderId": {
      "type": "string"
     },
     "retCode": {
      "type": "number"
     },
     "retMsg": {
      "type": "string"
     }
    }
   },
   "OrganizationPoliciesListResp": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32"
     },
     "offset": {
      "type": "integer",
      "format": "int32"
     },
     "policies": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/OrganizationPolicy"
      }
     }
    },
    "required": [
     "count",
     "policies"
    ]
   },
   "OrganizationPolicy": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "domain_id": {
      "type": "string"
     },
     "domain_name": {
      "type": "string"
     },
     "effective_scope": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "operation_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication"
      ]
     },
     "policy_enabled": {
      "type": "boolean"
     },
     "policy_name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "policy_operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "policy_trigger": {
      "$ref": "#/components/schemas/PolicyTriggerReq"
     },
     "status": {
      "type": "string"
     }
    },
    "required": [
     "domain_id",
     "id",
     "name",
     "operation_type",
     "policy_enabled",
     "policy_name",
     "policy_operation_definition",
     "policy_trigger",
     "status"
    ]
   },
   "OrganizationPolicyCreate": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "effective_scope": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "operation_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication"
      ]
     },
     "policy_enabled": {
      "type": "boolean"
     },
     "policy_name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "policy_operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "policy_trigger": {
      "$ref": "#/components/schemas/PolicyTriggerReq"
     }
    },
    "required": [
     "name",
     "operation_type",
     "policy_enabled",
     "policy_name",
     "policy_operation_definition",
     "policy_trigger"
    ]
   },
   "OrganizationPolicyCreateReq": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/OrganizationPolicyCreate"
     }
    },
    "required": [
     "policy"
    ]
   },
   "OrganizationPolicyResp": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/OrganizationPolicy"
     }
    },
    "required": [
     "policy"
    ]
   },
   "OrganizationPolicyStatus": {
    "type": "object",
    "properties": {
     "domain_id": {
      "type": "string"
     },
     "policy_id": {
      "type": "string"
     },
     "project_id": {
      "type": "string"
     },
     "status": {
      "type": "string"
     }
    },
    "required": [
     "domain_id",
     "policy_id",
     "project_id",
     "status"
    ]
   },
   "OrganizationPolicyStatusListResp": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32"
     },
     "offset": {
      "type": "integer",
      "format": "int32"
     },
     "policies": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/OrganizationPolicyStatus"
      }
     }
    },
    "required": [
     "count",
     "policies"
    ]
   },
   "OrganizationPolicyUpdate": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "effective_scope": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "policy_enabled": {
      "type": "boolean"
     },
     "policy_name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "policy_operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "policy_trigger": {
      "$ref": "#/components/schemas/PolicyTriggerUpdateReq"
     }
    }
   },
   "OrganizationPolicyUpdateReq": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/OrganizationPolicyUpdate"
     }
    },
    "required": [
     "policy"
    ]
   },
   "Path": {
    "type": "object",
    "properties": {
     "agent_id": {
      "type": "string"
     },
     "dir_path": {
      "type": "string"
     },
     "exclude_paths": {
      "type": "string"
     },
     "id": {
      "type": "string"
     },
     "status": {
      "type": "string"
     }
    }
   },
   "Policy": {
    "type": "object",
    "properties": {
     "associated_vaults": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/PolicyAssociateVault"
      },
      "nullable": true
     },
     "enabled": {
      "type": "boolean"
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "operation_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication"
      ]
     },
     "policy_type": {
      "type": "string"
     },
     "trigger": {
      "$ref": "#/components/schemas/PolicyTriggerResp"
     }
    },
    "required": [
     "enabled",
     "id",
     "name",
     "operation_definition",
     "operation_type",
     "trigger"
    ]
   },
   "PolicyAssociateVault": {
    "type": "object",
    "properties": {
     "destination_vault_id": {
      "type": "string",
      "nullable": true
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "vault_id"
    ]
   },
   "PolicyCreate": {
    "type": "object",
    "properties": {
     "enabled": {
      "type": "boolean",
      "default": true
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "operation_type": {
      "type": "string",
      "enum": [
       "backup",
       "replication"
      ]
     },
     "trigger": {
      "$ref": "#/components/schemas/PolicyTriggerReq"
     }
    },
    "required": [
     "name",
     "operation_definition",
     "operation_type",
     "trigger"
    ]
   },
   "PolicyCreateReq": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/PolicyCreate"
     }
    },
    "required": [
     "policy"
    ]
   },
   "PolicyCreateResp": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/Policy"
     }
    },
    "required": [
     "policy"
    ]
   },
   "PolicyListResp": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "policies": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Policy"
      }
     }
    },
    "required": [
     "count",
     "policies"
    ]
   },
   "PolicyTriggerPropertiesReq": {
    "type": "object",
    "properties": {
     "pattern": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "minItems": 1,
      "maxItems": 24
     },
     "start_window_minutes": {
      "type": "integer",
      "format": "int32",
      "minimum": 60,
      "maximum": 480,
      "nullable": true
     }
    },
    "required": [
     "pattern"
    ]
   },
   "PolicyTriggerPropertiesResp": {
    "type": "object",
    "properties": {
     "pattern": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "start_time": {
      "type": "string"
     },
     "start_window_minutes": {
      "type": "integer",
      "format": "int32",
      "minimum": 60,
      "maximum": 480,
      "nullable": true
     }
    },
    "required": [
     "pattern"
    ]
   },
   "PolicyTriggerReq": {
    "type": "object",
    "properties": {
     "properties": {
      "$ref": "#/components/schemas/PolicyTriggerPropertiesReq"
     }
    },
    "required": [
     "properties"
    ]
   },
   "PolicyTriggerResp": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "properties": {
      "$ref": "#/components/schemas/PolicyTriggerPropertiesResp"
     },
     "type": {
      "type": "string",
      "enum": [
       "time"
      ]
     }
    },
    "required": [
     "id",
     "properties"
    ]
   },
   "PolicyUpdate": {
    "type": "object",
    "properties": {
     "enabled": {
      "type": "boolean",
      "default": true
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "operation_definition": {
      "$ref": "#/components/schemas/PolicyoODCreate"
     },
     "trigger": {
      "$ref": "#/components/schemas/PolicyTriggerUpdateReq"
     }
    }
   },
   "PolicyUpdateReq": {
    "type": "object",
    "properties": {
     "policy": {
      "$ref": "#/components/schemas/PolicyUpdate"
     }
    },
    "required": [
     "policy"
    ]
   },
   "PolicyoODCreate": {
    "type": "object",
    "properties": {
     "day_backups": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string",
      "pattern": "^[a-zA-Z0-9._\\-]*$",
      "maxLength": 255
     },
     "enable_acceleration": {
      "type": "boolean"
     },
     "full_backup_interval": {
      "type": "integer",
      "format": "int32",
      "minimum": -1,
      "maximum": 100
     },
     "max_backups": {
      "type": "integer",
      "format": "int32",
      "default": -1,
      "minimum": -1,
      "maximum": 99999
     },
     "month_backups": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "retention_duration_days": {
      "type": "integer",
      "format": "int32",
      "default": -1,
      "minimum": -1,
      "maximum": 99999
     },
     "timezone": {
      "type": "string",
      "pattern": "^UTC[+-]\\d{2}:\\d{2}$"
     },
     "week_backups": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "year_backups": {
      "type": "integer",
      "format": "int32",
      "minimum": 0,
      "maximum": 100
     },
     "cross_account_urn": {
      "type": "string"
     },
     "advanced_retention_rules": {
      "$ref": "#/components/schemas/PolicyAdvancedRetentionRules"
     }
    }
   },
   "ProjectsListInfo": {
    "type": "object",
    "properties": {
     "description": {
      "type": "string"
     },
     "domain_id": {
      "type": "string"
     },
     "enabled": {
      "type": "boolean"
     },
     "id": {
      "type": "string"
     },
     "is_domain": {
      "type": "boolean"
     },
     "links": {
      "$ref": "#/components/schemas/SelfLinksInfo"
     },
     "name": {
      "type": "string"
     },
     "parent_id": {
      "type": "string"
     }
    }
   },
   "ProtectableAgentReq": {
    "type": "object",
    "properties": {
     "agent_status": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ProtectableAgentStatusResource"
      }
     }
    },
    "required": [
     "agent_status"
    ]
   },
   "ProtectableAgentStatus": {
    "type": "object",
    "properties": {
     "code": {
      "type": "integer",
      "format": "int32",
      "nullable": true
     },
     "installed": {
      "type": "boolean"
     },
     "is_old": {
      "type": "boolean",
      "nullable": true
     },
     "message": {
      "type": "string",
      "nullable": true
     },
     "resource_id": {
      "type": "string"
     },
     "version": {
      "type": "string",
      "nullable": true
     }
    }
   },
   "ProtectableAgentStatusResource": {
    "type": "object",
    "properties": {
     "resource_id": {
      "type": "string"
     },
     "resource_name": {
      "type": "string"
     },
     "resource_type": {
      "type": "string"
     }
    },
    "required": [
     "resource_id",
     "resource_type"
    ]
   },
   "ProtectableAgentStatusResp": {
    "type": "object",
    "properties": {
     "agent_status": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ProtectableAgentStatus"
      }
     }
    },
    "required": [
     "agent_status"
    ]
   },
   "ProtectableGetResp": {
    "type": "object",
    "properties": {
     "instance": {
      "$ref": "#/components/schemas/ProtectablesResp"
     }
    },
    "required": [
     "instance"
    ]
   },
   "ProtectableReplicationCapabilitiesResp": {
    "type": "object",
    "properties": {
     "regions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ProtectableReplicationCapabilitiesRespRegion"
      }
     }
    },
    "required": [
     "regions"
    ]
   },
   "ProtectableReplicationCapabilitiesRespRegion": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "replication_destinations": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "name",
     "replication_destinations"
    ]
   },
   "ProtectableResult": {
    "type": "object",
    "properties": {
     "code": {
      "type": "string"
     },
     "message": {
      "type": "string"
     },
     "reason": {
      "type": "string"
     },
     "result": {
      "type": "boolean"
     },
     "vault": {
      "allOf": [
       {
        "$ref": "#/components/schemas/VaultGet"
       }
      ],
      "nullable": true
     }
    },
    "required": [
     "result"
    ]
   },
   "ProtectablesListResp": {
    "type": "object",
    "properties": {
     "instances": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ProtectablesResp"
      }
     }
    },
    "required": [
     "instances"
    ]
   },
   "ProtectablesResp": {
    "type": "object",
    "properties": {
     "children": {
      "type": "array",
      "items": {
       "type": "object",
       "additionalProperties": true
      }
     },
     "detail": {
      "type": "object",
      "additionalProperties": true,
      "nullable": true
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string"
     },
     "protectable": {
      "$ref": "#/components/schemas/ProtectableResult"
     },
     "size": {
      "type": "integer",
      "format": "int32"
     },
     "status": {
      "type": "string"
     },
     "type": {
      "type": "string"
     }
    },
    "required": [
     "children",
     "id",
     "name",
     "protectable",
     "type"
    ]
   },
   "ReplicationRecordGet": {
    "type": "object",
    "properties": {
     "created_at": {
      "type": "string"
     },
     "destination_backup_id": {
      "type": "string"
     },
     "destination_checkpoint_id": {
      "type": "string"
     },
     "destination_project_id": {
      "type": "string"
     },
     "destination_region": {
      "type": "string"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "extra_info": {
      "$ref": "#/components/schemas/ReplicationRecordsExtraInfo"
     },
     "id": {
      "type": "string"
     },
     "source_backup_id": {
      "type": "string"
     },
     "source_checkpoint_id": {
      "type": "string"
     },
     "source_project_id": {
      "type": "string"
     },
     "source_region": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "replicating",
       "success",
       "fail",
       "skip",
       "waiting_replicate"
      ]
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "id"
    ]
   },
   "ReplicationRecordsExtraInfo": {
    "type": "object",
    "properties": {
     "auto_trigger": {
      "type": "boolean"
     },
     "destination_vault_id": {
      "type": "string"
     },
     "fail_code": {
      "type": "string",
      "nullable": true
     },
     "fail_reason": {
      "type": "string",
      "nullable": true
     },
     "progress": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "ResSummary": {
    "type": "object",
    "properties": {
     "size": {
      "type": "integer",
      "format": "int32",
      "minimum": 0
     },
     "used_size": {
      "type": "integer",
      "format": "int32",
      "minimum": 0
     }
    }
   },
   "Resource": {
    "type": "object",
    "properties": {
     "extra_info": {
      "$ref": "#/components/schemas/ResourceExtraInfo"
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "type": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "type"
    ]
   },
   "ResourceCreate": {
    "type": "object",
    "properties": {
     "extra_info": {
      "$ref": "#/components/schemas/ResourceExtraInfo"
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "type": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "type"
    ]
   },
   "ResourceExtraInfo": {
    "type": "object",
    "properties": {
     "exclude_volumes": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "include_volumes": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ResourceExtraInfoIncludeVolumes"
      }
     }
    }
   },
   "ResourceExtraInfoIncludeVolumes": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "os_version": {
      "type": "string"
     }
    },
    "required": [
     "id"
    ]
   },
   "ResourceResp": {
    "type": "object",
    "properties": {
     "backup_count": {
      "type": "integer",
      "format": "int32"
     },
     "backup_size": {
      "type": "integer",
      "format": "int32"
     },
     "extra_info": {
      "$ref": "#/components/schemas/ResourceExtraInfo"
     },
     "id": {
      "type": "string"
     },
     "name": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "protect_status": {
      "type": "string",
      "enum": [
       "available",
       "error",
       "protecting",
       "restoring",
       "removing"
      ]
     },
     "size": {
      "type": "integer",
      "format": "int32"
     },
     "type": {
      "type": "string"
     },
     "auto_protect": {
      "type": "boolean"
     }
    },
    "required": [
     "id",
     "name",
     "type"
    ]
   },
   "RestoreDetails": {
    "type": "object",
    "properties": {
     "destination_path": {
      "type": "string",
      "minLength": 1,
      "maxLength": 255
     }
    },
    "required": [
     "destination_path"
    ]
   },
   "SelfLinksInfo": {
    "type": "object",
    "properties": {
     "self": {
      "type": "string"
     }
    }
   },
   "StorageUsage": {
    "type": "object",
    "properties": {
     "backup_count": {
      "type": "integer",
      "format": "int32"
     },
     "backup_size": {
      "type": "integer",
      "format": "int32"
     },
     "backup_size_multiaz": {
      "type": "integer",
      "format": "int32"
     },
     "resource_id": {
      "type": "string"
     },
     "resource_name": {
      "type": "string"
     },
     "resource_type": {
      "type": "string"
     }
    },
    "required": [
     "resource_id",
     "resource_name",
     "resource_type"
    ]
   },
   "StorageUsageResp": {
    "type": "object",
    "properties": {
     "resource_count": {
      "type": "integer",
      "format": "int32"
     },
     "storage_usage": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/StorageUsage"
      }
     }
    },
    "required": [
     "resource_count",
     "storage_usage"
    ]
   },
   "SyncParam": {
    "type": "object",
    "properties": {
     "auto_trigger": {
      "type": "boolean"
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "auto_trigger",
     "vault_id"
    ]
   },
   "SyncReq": {
    "type": "object",
    "properties": {
     "sync": {
      "$ref": "#/components/schemas/SyncParam"
     }
    },
    "required": [
     "sync"
    ]
   },
   "SyncResp": {
    "type": "object",
    "properties": {
     "sync": {
      "$ref": "#/components/schemas/SyncRespBody"
     }
    }
   },
   "SyncRespBody": {
    "type": "object",
    "properties": {
     "operation_log_id": {
      "type": "string"
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "operation_log_id",
     "vault_id"
    ]
   },
   "SysTag": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string"
     },
     "value": {
      "type": "string"
     }
    },
    "required": [
     "key",
     "value"
    ]
   },
   "SysTags": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string"
     },
     "values": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "key",
     "values"
    ]
   },
   "Tag": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string"
     },
     "value": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "key",
     "value"
    ]
   },
   "TagResource": {
    "type": "object",
    "properties": {
     "resource_detail": {
      "$ref": "#/components/schemas/InstancesResourceDetail"
     },
     "resource_id": {
      "type": "string"
     },
     "resource_name": {
      "type": "string"
     },
     "sys_tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/SysTag"
      }
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     }
    },
    "required": [
     "resource_detail",
     "resource_id",
     "resource_name",
     "tags"
    ]
   },
   "TagsReq": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string",
      "minLength": 1,
      "maxLength": 127
     },
     "values": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 255
      },
      "maxItems": 10
     }
    },
    "required": [
     "key",
     "values"
    ]
   },
   "TagsResp": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string"
     },
     "values": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    }
   },
   "UpdateMember": {
    "type": "object",
    "properties": {
     "status": {
      "type": "string",
      "enum": [
       "accepted",
       "pending",
       "rejected"
      ]
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "status"
    ]
   },
   "UpdateOrderResponseBody": {
    "type": "object",
    "properties": {
     "orderId": {
      "type": "string"
     },
     "retCode": {
      "type": "string"
     },
     "retMsg": {
      "type": "string"
     }
    }
   },
   "Vault": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "availability_zone": {
      "type": "string",
      "minLength": 1,
      "maxLength": 32,
      "nullable": true
     },
     "billing": {
      "$ref": "#/components/schemas/Billing"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "created_at": {
      "type": "string"
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[^<>]*$",
      "nullable": true
     },
     "enterprise_project_id": {
      "type": "string",
      "nullable": true
     },
     "id": {
      "type": "string"
     },
     "locked": {
      "type": "boolean"
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string"
     },
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ResourceResp"
      }
     },
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "sys_lock_source_service": {
      "type": "string",
      "nullable": true
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     },
     "user_id": {
      "type": "string",
      "nullable": true
     },
     "updated_at": {
      "type": "string",
      "nullable": true
     },
     "version": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "billing",
     "id",
     "name",
     "project_id",
     "provider_id",
     "resources"
    ]
   },
   "VaultAddResourceReq": {
    "type": "object",
    "properties": {
     "resources": {
      "type": "array",
      "minItems": 1,
      "maxItems": 256,
      "items": {
       "$ref": "#/components/schemas/ResourceCreate"
      }
     }
    },
    "required": [
     "resources"
    ]
   },
   "VaultAddResourceResp": {
    "type": "object",
    "properties": {
     "add_resource_ids": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    }
   },
   "VaultAssociate": {
    "type": "object",
    "properties": {
     "add_policy_ids": {
      "type": "array",
      "items": {
       "type": "string",
       "minLength": 1,
       "maxLength": 10
      }
     },
     "destination_vault_id": {
      "type": "string"
     },
     "policy_id": {
      "type": "string"
     }
    }
   },
   "VaultAssociateResp": {
    "type": "object",
    "properties": {
     "associate_policy": {
      "$ref": "#/components/schemas/VaultPolicyResp"
     }
    }
   },
   "VaultBackup": {
    "type": "object",
    "properties": {
     "parameters": {
      "$ref": "#/components/schemas/CheckpointParam"
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "vault_id"
    ]
   },
   "VaultBackupReq": {
    "type": "object",
    "properties": {
     "checkpoint": {
      "$ref": "#/components/schemas/VaultBackup"
     }
    },
    "required": [
     "checkpoint"
    ]
   },
   "VaultBatchUpdate": {
    "type": "object",
    "properties": {
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     }
    }
   },
   "VaultBatchUpdateResp": {
    "type": "object",
    "properties": {
     "updated_vaults_id": {
      "type": "array",
      "items": {
       "type": "string",
       "minLength": 0
      }
     }
    },
    "required": [
     "updated_vaults_id"
    ]
   },
   "VaultBindRules": {
    "type": "object",
    "properties": {
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/BindRulesTags"
      }
     }
    }
   },
   "VaultCreate": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "availability_zone": {
      "type": "string",
      "minLength": 1,
      "maxLength": 32
     },
     "backup_name_prefix": {
      "type": "string",
      "minLength": 0,
      "maxLength": 32
     },
     "backup_policy_id": {
      "type": "string",
      "nullable": true
     },
     "billing": {
      "$ref": "#/components/schemas/BillingCreate"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "demand_billing": {
      "type": "boolean",
      "default": false
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 64,
      "pattern": "^[^<>]*$",
      "nullable": true
     },
     "enterprise_project_id": {
      "type": "string"
     },
     "locked": {
      "type": "boolean",
      "default": false
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "resources": {
      "type": "array",
      "minItems": 0,
      "maxItems": 255,
      "items": {
       "$ref": "#/components/schemas/ResourceCreate"
      }
     },
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "sys_lock_source_service": {
      "type": "string"
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     }
    },
    "required": [
     "billing",
     "name",
     "resources"
    ]
   },
   "VaultCreateParameters": {
    "type": "object",
    "properties": {
     "combined_order": {
      "$ref": "#/components/schemas/CombinedOrder"
     }
    }
   },
   "VaultCreateReq": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/VaultCreate"
     }
    },
    "required": [
     "vault"
    ]
   },
   "VaultCreateResource": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "availability_zone": {
      "type": "string",
      "minLength": 1,
      "maxLength": 32,
      "nullable": true
     },
     "backup_name_prefix": {
      "type": "string",
      "minLength": 0,
      "maxLength": 32,
      "nullable": true
     },
     "billing": {
      "$ref": "#/components/schemas/Billing"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "cbc_delete_count": {
      "type": "integer",
      "format": "int32",
      "default": 0
     },
     "created_at": {
      "type": "string"
     },
     "demand_billing": {
      "type": "boolean",
      "default": false
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[^<>]*$",
      "nullable": true
     },
     "enterprise_project_id": {
      "type": "string",
      "nullable": true
     },
     "frozen": {
      "type": "boolean",
      "default": false
     },
     "id": {
      "type": "string"
     },
     "locked": {
      "type": "boolean",
      "default": false
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string"
     },
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ResourceResp"
      }
     },
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "sys_lock_source_service": {
      "type": "string",
      "nullable": true
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     },
     "user_id": {
      "type": "string",
      "nullable": true
     }
    },
    "required": [
     "billing",
     "id",
     "name",
     "project_id",
     "provider_id",
     "resources"
    ]
   },
   "VaultCreateResp": {
    "type": "object",
    "properties": {
     "errText": {
      "type": "string"
     },
     "error_code": {
      "type": "string"
     },
     "orders": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/CbcOrderResult"
      }
     },
     "retCode": {
      "type": "integer",
      "format": "int32"
     },
     "vault": {
      "$ref": "#/components/schemas/VaultCreateResource"
     }
    }
   },
   "VaultDissociate": {
    "type": "object",
    "properties": {
     "policy_id": {
      "type": "string"
     }
    },
    "required": [
     "policy_id"
    ]
   },
   "VaultDissociateResp": {
    "type": "object",
    "properties": {
     "dissociate_policy": {
      "$ref": "#/components/schemas/VaultPolicyResp"
     }
    }
   },
   "VaultGet": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "availability_zone": {
      "type": "string",
      "minLength": 1,
      "maxLength": 32,
      "nullable": true
     },
     "billing": {
      "$ref": "#/components/schemas/Billing"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "created_at": {
      "type": "string"
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255,
      "pattern": "^[^<>]*$",
      "nullable": true
     },
     "enterprise_project_id": {
      "type": "string",
      "nullable": true
     },
     "id": {
      "type": "string"
     },
     "locked": {
      "type": "boolean"
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "project_id": {
      "type": "string"
     },
     "provider_id": {
      "type": "string"
     },
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ResourceResp"
      }
     },
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "sys_lock_source_service": {
      "type": "string",
      "nullable": true
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     },
     "user_id": {
      "type": "string",
      "nullable": true
     },
     "updated_at": {
      "type": "string"
     },
     "version": {
      "type": "string"
     }
    },
    "required": [
     "billing",
     "id",
     "name",
     "project_id",
     "provider_id",
     "resources",
     "updated_at"
    ]
   },
   "VaultGetResp": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/Vault"
     }
    },
    "required": [
     "vault"
    ]
   },
   "VaultListResp": {
    "type": "object",
    "properties": {
     "count": {
      "type": "integer",
      "format": "int32"
     },
     "limit": {
      "type": "integer",
      "format": "int32",
      "default": 1000,
      "minimum": 1,
      "maximum": 1000
     },
     "offset": {
      "type": "integer",
      "format": "int32",
      "default": 0,
      "minimum": 0
     },
     "vaults": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Vault"
      }
     }
    },
    "required": [
     "count",
     "vaults"
    ]
   },
   "VaultMigrateResourceReq": {
    "type": "object",
    "properties": {
     "destination_vault_id": {
      "type": "string"
     },
     "resource_ids": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "destination_vault_id",
     "resource_ids"
    ]
   },
   "VaultMigrateResourceResp": {
    "type": "object",
    "properties": {
     "migrated_resources": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    }
   },
   "VaultOrder": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "backup_policy_id": {
      "type": "string",
      "nullable": true
     },
     "billing": {
      "$ref": "#/components/schemas/BillingCreate"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "description": {
      "type": "string",
      "minLength": 0,
      "maxLength": 255
     },
     "enterprise_project_id": {
      "type": "string"
     },
     "locked": {
      "type": "boolean",
      "default": false
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64
     },
     "parameters": {
      "$ref": "#/components/schemas/VaultCreateParameters"
     },
     "resources": {
      "type": "array",
      "minItems": 0,
      "maxItems": 256,
      "items": {
       "$ref": "#/components/schemas/ResourceCreate"
      }
     },
     "smn_notify": {
      "type": "boolean"
     },
     "tags": {
      "type": "array",
      "minItems": 1,
      "maxItems": 10,
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     },
     "threshold": {
      "type": "integer",
      "format": "int32"
     },
     "data_encryption": {
      "$ref": "#/components/schemas/DataEncryption"
     }
    },
    "required": [
     "billing",
     "resources"
    ]
   },
   "VaultOrderCreateReqs": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/VaultOrder"
     }
    },
    "required": [
     "vault"
    ]
   },
   "VaultOrderCreateRes": {
    "type": "object",
    "properties": {
     "errText": {
      "type": "string"
     },
     "error_code": {
      "type": "string"
     },
     "orders": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/CbcOrderResult"
      }
     },
     "retCode": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "VaultPolicyResp": {
    "type": "object",
    "properties": {
     "destination_vault_id": {
      "type": "string",
      "nullable": true
     },
     "policy_id": {
      "type": "string"
     },
     "vault_id": {
      "type": "string"
     }
    },
    "required": [
     "policy_id",
     "vault_id"
    ]
   },
   "VaultProjectTagGetResp": {
    "type": "object",
    "properties": {
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagsResp"
      }
     }
    }
   },
   "VaultRemoveResourceReq": {
    "type": "object",
    "properties": {
     "resource_ids": {
      "type": "array",
      "minItems": 1,
      "maxItems": 256,
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "resource_ids"
    ]
   },
   "VaultRemoveResourceResp": {
    "type": "object",
    "properties": {
     "remove_resource_ids": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "remove_resource_ids"
    ]
   },
   "VaultResourceInstancesReq": {
    "type": "object",
    "properties": {
     "action": {
      "type": "string",
      "enum": [
       "filter",
       "count"
      ]
     },
     "cloud_type": {
      "type": "string",
      "enum": [
       "public",
       "hybrid"
      ]
     },
     "limit": {
      "type": "string"
     },
     "matches": {
      "type": "array",
      "minItems": 0,
      "maxItems": 1,
      "items": {
       "$ref": "#/components/schemas/Match"
      }
     },
     "not_tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagsReq"
      }
     },
     "not_tags_any": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagsReq"
      }
     },
     "object_type": {
      "type": "string",
      "enum": [
       "server",
       "disk",
       "turbo",
       "workspace",
       "vmware",
       "rds",
       "file"
      ]
     },
     "offset": {
      "type": "string"
     },
     "sys_tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/SysTags"
      }
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagsReq"
      }
     },
     "tags_any": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagsReq"
      }
     },
     "without_any_tag": {
      "type": "boolean"
     }
    },
    "required": [
     "action"
    ]
   },
   "VaultResourceIntancesResp": {
    "type": "object",
    "properties": {
     "resources": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/TagResource"
      }
     },
     "total_count": {
      "type": "integer",
      "format": "int32"
     }
    }
   },
   "VaultSetResourceReq": {
    "type": "object",
    "properties": {
     "action": {
      "type": "string",
      "enum": [
       "suspend",
       "unsuspend"
      ]
     },
     "resource_ids": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "action",
     "resource_ids"
    ]
   },
   "VaultSetResourceResp": {
    "type": "object",
    "properties": {
     "set_resource_ids": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "set_resource_ids"
    ]
   },
   "VaultTagGetResp": {
    "type": "object",
    "properties": {
     "sys_tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/SysTag"
      }
     },
     "tags": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tag"
      }
     }
    }
   },
   "VaultTagsCreateReq": {
    "type": "object",
    "properties": {
     "tag": {
      "$ref": "#/components/schemas/TagCreate"
     }
    },
    "required": [
     "tag"
    ]
   },
   "VaultUpdate": {
    "type": "object",
    "properties": {
     "auto_bind": {
      "type": "boolean"
     },
     "auto_expand": {
      "type": "boolean"
     },
     "billing": {
      "$ref": "#/components/schemas/BillingUpdate"
     },
     "bind_rules": {
      "$ref": "#/components/schemas/VaultBindRules"
     },
     "locked": {
      "type": "boolean",
      "default": false
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "pattern": "^[\\u4E00-\\u9FA5\\uf900-\\ufa2da-zA-Z0-9_\\-]*$"
     },
     "smn_notify": {
      "type": "boolean",
      "default": true
     },
     "threshold": {
      "type": "integer",
      "format": "int32",
      "default": 80,
      "minimum": 1,
      "maximum": 100
     }
    }
   },
   "VaultUpdateReq": {
    "type": "object",
    "properties": {
     "vault": {
      "$ref": "#/components/schemas/VaultUpdate"
     }
    },
    "required": [
     "vault"
    ]
   },
   "BulkCreateAndDeleteTags": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string",
      "minLength": 1,
      "maxLength": 36,
      "pattern": "^[^\\x00-\\x1f=*<>\\\\,|/]*$"
     },
     "value": {
      "type": "string",
      "maxLength": 43,
      "pattern": "^[^\\x00-\\x1f=*<>\\\\,|/]*$"
     }
    },
    "required": [
     "key"
    ]
   },
   "DataEncryption": {
    "type": "object",
    "properties": {
     "cmkid": {
      "type": "string",
      "nullable": true
     },
     "encrypted_algorithm": {
      "type": "string",
      "nullable": true
     }
    }
   },
   "OpExtendInfoUpdateExpirationTime": {
    "type": "object",
    "properties": {
     "affected_backups_count": {
      "type": "integer",
      "format": "int32"
     },
     "expiration_day": {
      "type": "string"
     }
    }
   },
   "PolicyWeeklyRetentionRules": {
    "type": "object",
    "properties": {
     "days_of_week": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "retention_duration_periods": {
      "type": "integer",
      "format": "int32",
      "minimum": -1,
      "maximum": 5200
     }
    }
   },
   "PolicyMonthlyRetentionRules": {
    "type": "object",
    "properties": {
     "retention_type": {
      "type": "string",
      "enum": [
       "Weekly",
       "Monthly"
      ]
     },
     "retention_weeks": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "days_of_week": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "days_of_month": {
      "type": "array",
      "items": {
       "type": "integer",
       "format": "int32",
       "minimum": -1,
       "maximum": 28
      }
     },
     "retention_duration_periods": {
      "type": "integer",
      "format": "int32",
      "minimum": -1,
      "maximum": 1200
     }
    }
   },
   "PolicyYearlyRetentionRules": {
    "type": "object",
    "properties": {
     "retention_type": {
      "type": "string",
      "enum": [
       "Weekly",
       "Monthly"
      ]
     },
     "retention_months": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "retention_weeks": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "days_of_month": {
      "type": "array",
      "items": {
       "type": "integer",
       "format": "int32",
       "minimum": -1,
       "maximum": 28
      }
     },
     "days_of_week": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "retention_duration_periods": {
      "type": "integer",
      "format": "int32",
      "minimum": -1,
      "maximum": 100
     }
    }
   },
   "PolicyAdvancedRetentionRules": {
    "type": "object",
    "properties": {
     "weekly_retention_rules": {
      "$ref": "#/components/schemas/PolicyWeeklyRetentionRules"
     },
     "monthly_retention_rules": {
      "$ref": "#/components/schemas/PolicyMonthlyRetentionRules"
     },
     "yearly_retention_rules": {
      "$ref": "#/components/schemas/PolicyYearlyRetentionRules"
     }
    }
   },
   "PolicyTriggerPropertiesUpdateReq": {
    "type": "object",
    "properties": {
     "pattern": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "minItems": 1,
      "maxItems": 24
     },
     "start_window_minutes": {
      "type": "integer",
      "format": "int32",
      "minimum": 60,
      "maximum": 480,
      "nullable": true
     }
    },
    "required": [
     "pattern"
    ]
   },
   "PolicyTriggerUpdateReq": {
    "type": "object",
    "properties": {
     "properties": {
      "$ref": "#/components/schemas/PolicyTriggerPropertiesUpdateReq"
     }
    },
    "required": [
     "properties"
    ]
   },
   "TagCreate": {
    "type": "object",
    "properties": {
     "key": {
      "type": "string",
      "minLength": 1,
      "maxLength": 36,
      "pattern": "^[^\\x00-\\x1f=*<>\\\\,|/]*$"
     },
     "value": {
      "type": "string",
      "maxLength": 43,
      "pattern": "^[^\\x00-\\x1f=*<>\\\\,|/]*$"
     }
    },
    "required": [
     "key",
     "value"
    ]
   },
   "UpdateExpirationTimeReq": {
    "type": "object",
    "properties": {
     "expect_expiration_date": {
      "type": "string",
      "pattern": "^\\d{4}-\\d{2}-\\d{2}$"
     },
     "time_zone": {
      "type": "string",
      "pattern": "^UTC[+-]\\d{2}:\\d{2}$"
     }
    },
    "required": [
     "expect_expiration_date",
     "time_zone"
    ]
   },
   "UpdateExpirationTimeResp": {
    "type": "object",
    "properties": {
     "affected_backups_count": {
      "type": "integer",
      "format": "int32"
     },
     "new_expiration_day": {
      "type": "string"
     },
     "operation_log_id": {
      "type": "string"
     }
    }
   },
   "ApiVersion": {
    "type": "object",
    "required": [
     "id",
     "status",
     "links"
    ],
    "properties": {
     "id": {
      "type": "string",
      "enum": [
       "v3"
      ]
     },
     "status": {
      "type": "string",
      "enum": [
       "CURRENT"
      ]
     },
     "links": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "href": {
         "type": "string"
        },
        "rel": {
         "type": "string"
        }
       }
      }
     }
    }
   },
   "ApiVersionList": {
    "type": "object",
    "required": [
     "versions"
    ],
    "properties": {
     "versions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ApiVersion"
      }
     }
    }
   }
  }
 }
}
"""#
}
