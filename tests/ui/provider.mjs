// An identity provider for the tests: `oidc-provider`, with the people and the client that the first argument names.
// Says its issuer on standard output, and ends when standard input does.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

// Standard output is for the issuer alone.
console.info = console.warn = console.error;

const { people, client } = JSON.parse(process.argv[2]);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { email: ['email', 'email_verified'] },
    // Whoever types a name is that person: passwords are not what is tried here.
    findAccount: (_, name) => people[name] && { accountId: name, claims: () => ({ sub: name, ...people[name] }) },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit(0));
