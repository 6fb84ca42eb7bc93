public class Settings
{
    private const string Password = "«password|{{pw}}»";
    ‹password|public string Password { get; set; }›
    ‹token|public const string TokenClaim = "token";›
    private readonly string _apiKey = "«key|{{hex:32}}»";
    ‹key|private readonly string _keyName = nameof(Key);›
    ‹password|var password = Configuration["Smtp:Password"];›
    var connection = "Data Source={{host}};User ID={{user}};Password=«password|{{pw}}»;Pooling=true";
    ‹password|var connection = $"Data Source={host};User ID={user};Password={password}";›
    var credentials = new NetworkCredential("{{user}}", ‹password|password›);
    var options = new Options { ClientId = "{{word}}", ClientSecret = "«secret|{{b64url:34}}»" };
    ‹secret|options.ClientSecret = Configuration["Auth:ClientSecret"];›
    ‹password|[Required(ErrorMessage = "Password is required")]›
    ‹password|[Display(Name = "Password")]›
    ‹password|[DataType(DataType.Password)]›
    var key = Encoding.UTF8.GetBytes("«key|{{alnum:32}}»");
    ‹token|var token = new JwtSecurityToken(issuer: issuer, audience: audience);›
    services.AddAuthentication(‹auth|JwtBearerDefaults.AuthenticationScheme›);
    ‹password|PasswordBox.PasswordChanged += OnPasswordChanged;›
    var salt = "«salt|{{b64:24}}»";
    ‹salt|byte[] salt = new byte[16];›
}
