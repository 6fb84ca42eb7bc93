package com.{{word}}.app;

public class Login {
    private static final String PASSWORD = "«password|{{pw}}»";
    ‹password|private static final String PASSWORD_KEY = "password";›
    ‹password|private static final String PARAM_PASSWORD = "j_password";›
    ‹token|public static final String TOKEN_HEADER = "X-Auth-Token";›
    private static final String SECRET = "«secret|{{alnum:32}}»";
    ‹password|private String password;›
    ‹key|private static final String KEY_ALGORITHM = "RSA";›
    private static final String AES_KEY = "«key|{{alnum:16}}»";

    public void login(String user, ‹password|String password›) {
        ‹password|this.password = password;›
        ‹password|String encoded = passwordEncoder.encode(password);›
        ds.setPassword("«password|{{pw}}»");
        ‹password|ds.setPassword(config.getPassword());›
        ‹password|ds.setPassword(env.getProperty("db.password"));›
        props.put("mail.smtp.password", "«password|{{pw}}»");
        ‹password|props.put("password", password);›
        if (password.equals("«password|{{pw}}»")) {
            ‹token|String token = request.getHeader("Authorization");›
            ‹token|token = token.substring("Bearer ".length());›
        }
        ‹password|@Column(name = "password")›
        ‹password|@NotBlank(message = "Password is required")›
        Algorithm algorithm = Algorithm.HMAC256(‹secret|secret›);
        connection = DriverManager.getConnection("jdbc:oracle:thin:@{{host}}:1521:XE", "{{user}}", "{{word}}");
        Jwts.builder().signWith(SignatureAlgorithm.HS256, ‹key|key›);
        BasicAWSCredentials credentials = new BasicAWSCredentials(accessKey, ‹key|secretKey›);
        String apiKey = "«key|{{hex:32}}»";
        ‹password|logger.warn("Invalid password for {}", user);›
        ‹token|String tokenType = "Bearer";›
    }
}
