object Config {
    const val PASSWORD = "«password|{{pw}}»"
    ‹password|const val KEY_PASSWORD = "key_password"›
    const val API_KEY: String = "«key|{{alnum:39}}»"
    ‹token|const val PREF_TOKEN = "pref_token"›
    ‹password|val password: String? = null›
    ‹password|val password = binding.password.text.toString()›
    ‹token|var token by preference("token", "")›
    val user = User(name = "{{user}}", password = "«password|{{pw}}»")
    ‹password|R.id.password -> showPassword()›
    val clientSecret = "«secret|{{alnum:32}}»"
    ‹password|android:hint="Password"›
    ‹password|android:inputType="textPassword"›
    storePassword "«password|{{pw}}»"
    keyPassword '«password|{{pw}}»'
    ‹password|storePassword System.getenv("STORE_PASSWORD")›
    ‹password|keyPassword keystoreProperties['keyPassword']›
    ‹key|keyAlias "{{word}}"›
    ‹key|intent.putExtra("key", "{{word}}")›
}
