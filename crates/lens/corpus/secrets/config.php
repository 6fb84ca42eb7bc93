<?php
define('DB_USER', '{{user}}');
define('DB_PASSWORD', '«password|{{pw}}»');
define('AUTH_KEY', '«key|{{alnum:48}}»');
define('NONCE_SALT', '«salt|{{alnum:48}}»');
‹password|define('DB_PASSWORD', getenv('DB_PASSWORD'));›
‹key|define('AUTH_KEY', 'put your unique phrase here');›
$config['smtp_pass'] = '«password|{{pw}}»';
‹password|$password = $_POST['password'];›
‹password|$hash = password_hash($password, PASSWORD_DEFAULT);›
$mysqli = new mysqli("localhost", "{{user}}", ‹password|$password›, "{{word}}");
return [
    'driver' => 'mysql',
    'username' => '{{user}}',
    'password' => '«password|{{pw}}»',
    ‹password|'password' => env('DB_PASSWORD', ''),›
    'secret' => '«secret|{{alnum:40}}»',
    ‹token|'token' => $request->input('token'),›
    ‹password|'password' => 'required|min:8|confirmed',›
    ‹password|'password' => 'The provided password is incorrect.',›
    ‹token|'tokens' => 'api_tokens',›
    ‹key|'key' => '{{word}}.{{word}}',›
];
$client->setAuth('{{user}}', ‹password|$this->password›);
‹password|<input type="password" id="password" class="password-field">›
