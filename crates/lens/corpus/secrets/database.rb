Rails.application.configure do
  config.secret_key_base = "«key|{{hex:128}}»"
  ‹password|config.filter_parameters += [:password, :token]›
  config.action_mailer.smtp_settings = { user_name: "{{user}}", password: "«password|{{pw}}»", authentication: :plain }
  ‹key|config.api_key = ENV["API_KEY"]›
  ‹auth|authentication: :login,›
end
FactoryBot.define do
  factory :user do
    password { "«password|{{pw}}»" }
    ‹password|password_confirmation { password }›
  end
end
user = User.create!(email: "{{user}}@example.org", password: "«password|{{pw}}»")
‹password|validates :password, presence: true, length: { minimum: 8 }›
‹password|fill_in "Password", with: user.password›
fill_in 'user_password', with: '«password|{{pw}}»'
‹password|has_secure_password›
‹token|token = SecureRandom.hex(20)›
Client.new(:token => "«token|{{hex:40}}»", ‹secret|:secret => secret›)
‹password|attr_accessor :password›
:consumer_secret => '«secret|{{alnum:42}}»',
‹token|t.string :token›
