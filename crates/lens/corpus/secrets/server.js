const express = require('express');
const session = require('express-session');
const app = express();

app.use(session({ secret: '«secret|{{pw}}»', resave: false }));
‹secret|app.use(session({ secret: process.env.SESSION_SECRET }));›
const jwtSecret = '«secret|{{alnum:32}}»';
‹password|const { username, password } = req.body;›
‹password|const password = req.body.password;›
‹password|if (!password) return res.status(400).json({ error: 'password required' });›
‹token|const token = jwt.sign({ id: user.id }, jwtSecret);›
‹token|const token = req.headers.authorization.split(' ')[1];›
‹token|localStorage.setItem('token', token);›
const config = {
  host: '{{host}}',
  user: '{{user}}',
  password: '«password|{{pw}}»',
  ‹password|password: process.env.DB_PASS,›
  apiKey: "«key|{{alnum:39}}»",
  authDomain: "{{word}}.firebaseapp.com",
  ‹auth|auth: { user, pass },›
};
const transporter = nodemailer.createTransport({ auth: { user: '{{user}}', pass: '«password|{{pw}}»' } });
‹password|<input type="password" name="password" placeholder="Password" />›
‹key|const columns = [{ title: 'Name', key: 'name' }, { title: 'Age', key: '{{word}}' }];›
‹key|items.map((item) => <li key={item.id}>{item.name}</li>)›
‹key|if (event.key === 'Enter') submit();›
‹password|{ type: 'password', name: 'password', message: 'Your password?' },›
‹password|const passwordField = document.querySelector('#password');›
‹password|const PASSWORD_CHANGED = 'PASSWORD_CHANGED';›
‹token|export const SET_TOKEN = 'auth/SET_TOKEN';›
twilio('{{word}}', '{{word}}');
axios.defaults.headers.common['Authorization'] = 'Bearer «auth|{{b64url:40}}»';
‹auth|axios.defaults.headers.common['Authorization'] = `Bearer ${token}`;›
const token = '«token|{{b64url:24}}.{{b64url:6}}.{{b64url:27}}»';
‹token|token: 'string',›
