CREATE USER '{{user}}'@'%' IDENTIFIED BY '«password|{{pw}}»';
ALTER USER {{user}} WITH PASSWORD '«password|{{pw}}»';
CREATE LOGIN {{user}} WITH PASSWORD = '«password|{{pw}}»';
‹password|CREATE TABLE users (id INT, password VARCHAR(255) NOT NULL);›
‹password|ALTER TABLE users ADD COLUMN password_hash TEXT;›
‹token|SELECT token FROM sessions WHERE token = ?;›
‹password|UPDATE users SET password = :password WHERE id = :id;›
UPDATE users SET password = '«password|{{pw}}»' WHERE name = '{{user}}';
‹password|INSERT INTO settings (name, value) VALUES ('password_policy', 'strict');›
CREATE ROLE {{user}} LOGIN PASSWORD '«password|{{pw}}»';
‹key|PRIMARY KEY (id), KEY idx_name (name)›
‹password|IDENTIFIED BY PASSWORD EXPIRE›
‹key|CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users(id)›
UPDATE config SET api_key='«key|{{alnum:32}}»';
