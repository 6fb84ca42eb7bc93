$Password = "«password|{{pw}}»"
‹password|$Password = Read-Host -AsSecureString "Password"›
$SecurePassword = ConvertTo-SecureString "«password|{{pw}}»" -AsPlainText -Force
‹password|$Credential = Get-Credential›
‹password|param([string]$Password, [string]$User)›
$env:API_TOKEN = "«token|{{alnum:36}}»"
‹token|$headers = @{ Authorization = "Bearer $Token" }›
net user {{user}} /add
‹secret|$Secret = Get-AzKeyVaultSecret -VaultName $Vault -Name $Name›
New-LocalUser -Name "{{user}}" -Password ‹password|$SecurePassword›
$ApiKey = '«key|{{hex:32}}»'
‹key|$Key = "HKLM:\Software\{{word}}"›
