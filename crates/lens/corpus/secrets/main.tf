resource "aws_db_instance" "{{word}}" {
  username = "{{user}}"
  password = "«password|{{pw}}»"
  ‹password|password = var.db_password›
  ‹password|password = random_password.{{word}}.result›
  ‹key|kms_key_id = aws_kms_key.{{word}}.arn›
  ‹password|manage_master_user_password = true›
}
variable "api_token" {
  type    = string
  default = "«token|{{alnum:40}}»"
}
variable "db_password" {
  ‹password|description = "The password of the database"›
  ‹password|sensitive   = true›
}
provider "{{word}}" {
  api_key = "«key|{{hex:32}}»"
  client_secret = "«secret|{{b64url:40}}»"
  ‹secret|client_secret = data.vault_generic_secret.{{word}}.data["secret"]›
  ‹token|token = file("${path.module}/token")›
}
resource "aws_secretsmanager_secret" "{{word}}" {
  ‹secret|name = "{{word}}/secret"›
}
‹key|key_name = "{{word}}-key"›
‹key|partition_key = "{{word}}"›
