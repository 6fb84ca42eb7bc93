import { test, expect } from '@playwright/test';

const credentials = { email: '{{user}}@{{word}}.test', password: '«password|{{pw}}»' };
‹password|const selectors = { username: '#username', password: '#password', submit: 'button[type=submit]' };›

test('login', async ({ page }) => {
  ‹password|await page.fill('input[name="password"]', credentials.password);›
  ‹password|await page.getByLabel('Password').fill(password);›
  ‹password|await expect(page.getByText('Wrong password')).toBeVisible();›
  ‹token|const token: string = await page.evaluate(() => localStorage.token);›
  const user: User = { name: '{{user}}', password: "«password|{{pw}}»", role: 'admin' };
  ‹password|interface LoginRequest { username: string; password: string; }›
  ‹token|accessToken?: string;›
  ‹key|readonly apiKey: string | undefined;›
  ‹password|password: new FormControl('', [Validators.required]),›
  process.env.API_TOKEN = '«token|{{hex:32}}»';
  const clientSecret = "«secret|{{b64url:34}}»";
  ‹secret|const secret = await getSecret('{{word}}');›
  ‹password|@IsString() password: string;›
  ‹password|password: Joi.string().min(8).required(),›
  ‹key|export type Key = keyof typeof map;›
  const encryptionKey = '«key|{{hex:64}}»';
  ‹key|queryKey: ['{{word}}', id],›
});
