// Asks who is signed in while the scripts of the page are still on their way; src/api/session.ts
// takes the answer.
window.aikagiSession = fetch('/console/session', { cache: 'no-store' });
window.aikagiSession.catch(() => {}); // whoever takes it sees the error
