// The words of signing in, and of the first admin.
import { count } from './format';

type Refusal = (about: { provider: string }) => string;

const failed: Refusal = () => 'Signing in has failed on the server. Try again; if it stays so, its log tells an admin why.';

/** Why a sign-in at the provider came to nothing, by the word that the server says. */
const refusals = new Map<string, Refusal>([
  ['denied', ({ provider }) => `You are not signed in: ${provider} did not allow it, or you cancelled.`],
  ['state', () => 'This sign-in took too long, or was begun in another browser. Try again.'],
  ['away', ({ provider }) => `No answer from ${provider}. Try again in a moment.`],
  ['provider', ({ provider }) => `The answer from ${provider} cannot be used. An admin finds out why in the log of the server.`],
  ['clock', ({ provider }) => `The clocks of this server and of ${provider} differ too much. An admin has to set them.`],
  ['no_email', ({ provider }) => `You have no verified email address with ${provider}, so your account here cannot be found.`],
  ['no_account', () => 'You have no account here. An admin can add you, with the email address that you signed in with.'],
  ['taken', ({ provider }) => `The account with your email address belongs to another user of ${provider}. An admin can unlink it.`],
  ['disabled', () => 'Your account here is disabled. Ask an admin.'],
  ['no_role', ({ provider }) => `What ${provider} says of you gives you no role here. Ask an admin.`],
  ['last_admin', ({ provider }) => `You are the last admin here, and ${provider} says that you are none. Make somebody else an admin first.`],
  ['too_many', () => 'Too many sign-ins from your network. Try again in some minutes.'],
]);

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
  codeIntro: 'Your account has a second factor. Enter the code that your app shows now.',
  code: 'Code',
  codeHint: '6 digits',
  wrongCode: 'The code is not right, or was used before. Wait for the next one.',
  recoveryIntro: 'Enter one of the recovery codes that you kept. Each does once.',
  recoveryCode: 'Recovery code',
  wrongRecovery: 'This is none of your recovery codes, or it was used before.',
  useRecovery: 'Use a recovery code',
  useApp: 'Use the code of the app',
  lostFactor: 'Lost both? An admin can turn off your second factor.',
  tooMany: ({ minutes }: { minutes: number }) => `Too many tries. Try again in ${count(minutes, 'minute', 'minutes')}.`,
  or: 'or',
  signInAt: ({ provider }: { provider: string }) => `Sign in with ${provider}`,
  apart: 'It opens in a tab of its own. Come back to this one afterwards.',
  provider: 'the provider',
  providerRefusal: ({ error, provider }: { error: string; provider: string }) => (refusals.get(error) ?? failed)({ provider }),
  noAnswer: 'The server does not answer. Try again in a moment.',
  firstSignIn: 'First sign-in',
  putUp: 'Put up the board',
  putUpWhy: 'You will be its admin. This link works once, within 24 hours.',
  create: 'Create the board',
  passwordLength: ({ n, least }: { n: number; least: number }) => `${n} of at least ${least} characters`,
  tooShort: ({ least }: { least: number }) => `At least ${least} characters.`,
  deadLink: 'This link no longer works. Restart the server for a new one.',
  invitation: 'Invitation',
  invited: ({ name }: { name: string }) => `Welcome, ${name}`,
  invitedWhy: ({ by, email }: { by: string; email: string }) => `${by} invites you to the board. Choose a password; from then on you sign in as ${email}.`,
  join: 'Join the board',
  deadInvitation: 'This invitation was used, taken back, or is older than a week. Ask who invited you for another one.',
  alreadyUp: 'This board already has an admin.',
};
