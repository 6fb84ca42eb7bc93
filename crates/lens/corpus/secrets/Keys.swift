struct Keys {
    static let apiKey = "«key|{{alnum:32}}»"
    static let clientSecret: String = "«secret|{{hex:40}}»"
    ‹password|static let passwordKey = "password"›
    ‹token|let token: String›
    ‹password|@IBOutlet weak var passwordField: UITextField!›
    ‹password|let password = passwordField.text ?? ""›
    NSString *password = @"«password|{{pw}}»";
    ‹password|NSString *password = [defaults objectForKey:@"password"];›
    ‹token|@property (nonatomic, copy) NSString *token;›
    [request setValue:@"Bearer {{word}}" forHTTPHeaderField:@"Authorization"];
    let credential = URLCredential(user: "{{user}}", password: "«password|{{pw}}»", persistence: .none)
    ‹password|"password" = "Password";›
    ‹password|"login.password.hint" = "Your password";›
}
