import pytest
from app import create_app, User

‹password|PASSWORD = "password"›
‹password|INVALID_PASSWORD_MESSAGE = "Invalid password"›

@pytest.fixture
def user(db):
    return User.objects.create_user("{{user}}", password="«password|{{pw}}»")

def test_login(client, user):
    response = client.post("/login", data={"username": "{{user}}", "password": "«password|{{pw}}»"})
    assert response.status_code == 200
    ‹token|token = response.json()["token"]›
    ‹auth|headers = {"Authorization": f"Bearer {token}"}›
    ‹password|assert b"Wrong password" in response.data›

def test_basic(client):
    client.login(username="{{user}}", password='«password|{{pw}}»')
    ‹password|form = LoginForm(password=fake.password())›
    ‹password|with mock.patch("getpass.getpass", return_value=password):›

def test_token(api):
    api.token = "«token|{{hex:40}}»"
    ‹token|assert api.token == token›
    ‹token|assert "token" in api.headers›
    api.headers["X-Auth-Token"] = "«token|{{uuid}}»"
    api.configure(secret="«secret|{{alnum:28}}»", ‹key|key="{{word}}"›)
    ‹salt|salt = os.urandom(16)›
    ‹salt|digest = hash(value, salt=salt)›
