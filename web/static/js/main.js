// Everything on our pages works without this; each module makes one thing nicer.
import { startEnhancing } from './enhance.js';
import { startCountdown } from './countdown.js';
import { startLanding } from './landing.js';
import { startLive } from './live.js';
import { startSmall } from './small.js';

document.documentElement.classList.add('js');
startEnhancing();
startLive();
startCountdown();
startSmall();
startLanding();
