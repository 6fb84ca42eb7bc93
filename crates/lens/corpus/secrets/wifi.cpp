#include <WiFi.h>
const char* ssid = "{{word}}";
const char* password = "«password|{{pw}}»";
#define WIFI_PASSWORD "«password|{{pw}}»"
#define MQTT_TOKEN "«token|{{alnum:20}}»"
‹password|#define PASSWORD_MAX_LEN 64›
‹key|#define KEY_ENTER "enter"›
‹password|static const char *password_prompt = "Enter password: ";›
‹password|char password[64];›
‹password|if (strlen(password) < 8) return -1;›
static const uint8_t note = 0; std::string api_key = "«key|{{hex:32}}»";
‹token|token = strtok(line, " ");›
‹key|{"key", required_argument, 0, 'k'},›
‹password|{"password", required_argument, NULL, 'p'},›
‹password|printf("password: %s\n", password);›
const std::string kSecret = "«secret|{{alnum:24}}»";
‹salt|unsigned char salt[16] = {0};›
‹auth|static const char *auth_methods[] = { "plain", "login" };›
