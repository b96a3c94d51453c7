import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App, readAhead } from './app';
import { showStoredAppearance } from './shell/appearance';

showStoredAppearance();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
await readAhead(location.pathname);
createRoot(root).render(<App />);
