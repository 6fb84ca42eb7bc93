object Service {
  val password = "«password|{{pw}}»"
  ‹password|val password = config.getString("db.password")›
  ‹password|case class Login(user: String, password: String)›
  ‹token|case Token(kind, text) => text›
  val secret: String = "«secret|{{alnum:32}}»"
  db.default.password = "«password|{{pw}}»"
  play.http.secret.key = "«key|{{b64url:64}}»"
  ‹key|play.http.secret.key = ${?APPLICATION_SECRET}›
  ‹key|.groupBy(_.key).map { case (key, values) => key -> values.size }›
  ‹password|val form = Form(mapping("password" -> nonEmptyText)(Login.apply))›
  ‹password|"password" -> "required"›
  conf.set("fs.s3a.secret.key", "«key|{{b64:40}}»")
  ‹token|val tokenizer = new Tokenizer().setInputCol("text").setOutputCol("tokens")›
}
