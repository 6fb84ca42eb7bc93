package {{word}}

import "os"

const (
	defaultUser     = "{{user}}"
	defaultPassword = "«password|{{pw}}»"
	‹password|passwordFlag   = "password"›
	‹token|tokenHeader     = "X-{{Word}}-Token"›
	apiToken        = "«token|{{hex:40}}»"
	‹secret|secretName      = "{{word}}-secret"›
)

type Config struct {
	‹password|Password string `yaml:"password"`›
	‹token|Token    string `json:"token,omitempty"`›
	‹key|APIKey   string `env:"API_KEY"`›
}

func New() *Config {
	‹password|password := os.Getenv("DB_PASSWORD")›
	cfg := &Config{
		Password: "«password|{{pw}}»",
		‹token|Token:    token,›
		APIKey:   "«key|{{alnum:32}}»",
	}
	‹password|cmd.Flags().StringVar(&cfg.Password, "password", "", "password of the user")›
	db, err := sql.Open("mysql", "{{user}}:{{word}}@tcp(localhost:3306)/x")
	‹token|token, err := jwt.Parse(raw, keyFunc)›
	req.SetBasicAuth("{{user}}", ‹password|password›)
	req.Header.Set("Authorization", "Bearer «auth|{{alnum:40}}»")
	‹auth|req.Header.Set("Authorization", "Bearer "+token)›
	var signingKey = []byte("«key|{{alnum:32}}»")
	‹secret|secret, err := client.CoreV1().Secrets(ns).Get(ctx, name)›
	‹key|for key, value := range items {›
	‹key|key := fmt.Sprintf("%s/%s", prefix, name)›
	‹password|if cfg.Password == "" {›
	‹password|return errors.New("password: must not be empty")›
}
