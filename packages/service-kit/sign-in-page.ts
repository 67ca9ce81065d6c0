import { hash } from 'node:crypto';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center}
main{width:min(26rem,90vw)}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input,button{margin-top:.5rem;padding:.6rem .7rem;border:1px solid #8888;border-radius:.4rem}
button{cursor:pointer}
[role=alert]{color:#c22}
`;

/** Allows this page's own style under the content security policy. */
export const SIGN_IN_STYLE_SOURCE = `'sha256-${hash('sha256', STYLE, 'base64')}'`;

/** The page a browser without a session gets. */
export function signInPage(message?: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Touchline: sign in</title><style>${STYLE}</style></head>
<body><main>
<h1>Touchline</h1>
${message === undefined ? '' : `<p role="alert">${message}</p>`}
<form method="post" action="/sign-in">
<label for="token">Access token · 访问令牌</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Sign in · 登录</button>
</form>
<p>The token is in the link that was printed at the first start, and in the file <code>admin-token</code> of the data folder.</p>
</main></body>
</html>
`;
}
