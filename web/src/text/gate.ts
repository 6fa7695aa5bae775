// The words of signing in, and of the first admin.
import { count } from './format';

export const gateText = {
  signIn: 'Sign in',
  goOn: 'Sign in to go back to where you were.',
  sessionEnded: 'Your session has ended. Sign in to go on; nothing you typed is lost.',
  email: 'Email',
  password: 'Password',
  name: 'Name',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  forgotten: 'Forgot your password? An admin can give you a new one.',
  mismatch: 'Email and password do not match.',
  tooMany: ({ minutes }: { minutes: number }) => `Too many tries. Try again in ${count(minutes, 'minute', 'minutes')}.`,
  noAnswer: 'The server does not answer. Try again in a moment.',
  firstSignIn: 'First sign-in',
  putUp: 'Put up the board',
  putUpWhy: 'You will be its admin. This link works once, within 24 hours.',
  create: 'Create the board',
  passwordLength: ({ n, least }: { n: number; least: number }) => `${n} of at least ${least} characters`,
  tooShort: ({ least }: { least: number }) => `At least ${least} characters.`,
  deadLink: 'This link no longer works. Restart the server for a new one.',
  alreadyUp: 'This board already has an admin.',
};
