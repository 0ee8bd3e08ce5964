// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing here is needed: times in the reader's zone, short addresses, and new
// pushes as they come.
(() => {
  'use strict';

  const zoneName = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'local';

  function two(number) {
    return String(number).padStart(2, '0');
  }

  function local(at) {
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
    return `${day} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  }

  /** Shows times in the reader's zone, with the exact ones beside. */
  function localise(root) {
    for (const time of root.querySelectorAll('time[datetime]')) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        const exact = document.createElement('small');
        exact.textContent = time.title;
        time.replaceChildren(local(at), ' ', exact);
      }
    }
  }

  localise(document);
  const zone = document.getElementById('zone');
  if (zone) {
    zone.textContent = `Times are in your zone (${zoneName}), with UTC beside.`;
  }

  // What was left empty need not stand in the address, which somebody may copy into a ticket.
  document.getElementById('search')?.addEventListener('formdata', (event) => {
    for (const [name, value] of [...event.formData]) {
      if (!value) {
        event.formData.delete(name);
      }
    }
  });

  // A link on another site led here, and the browser kept the note of who has logged in.
  const goesOn = document.querySelector('#goes-on a');
  if (goesOn) {
    location.replace(goesOn.href);
  }

  /** Adds pushes to the live page as they end. */
  function follow(live) {
    const most = 100;
    const rows = document.getElementById('rows');
    const state = document.getElementById('state');
    const pause = document.getElementById('pause');
    const parser = new DOMParser();
    let pending = [];
    let paused = false;
    let missed = 0;
    let broken = false;
    let notes = [];

    function say() {
      const gap = (missed > 0 ? ` ${missed} were too many to show.` : '')
        + notes.map((note) => ` ${note}.`).join('');
      if (broken) {
        state.textContent = 'Not connected. Refresh the page if this stays so.' + gap;
      } else if (paused) {
        state.textContent = `Paused: ${pending.length} new.` + gap;
      } else {
        state.textContent = 'New pushes appear here as they end.' + gap;
      }
      pause.textContent = paused ? 'Go on' : 'Pause';
    }

    /** What the server made of a push: text in it is escaped, and no script in it would run. */
    function row(html) {
      const made = parser.parseFromString(`<table><tbody>${html}</tbody></table>`, 'text/html');
      return document.importNode(made.querySelector('tr'), true);
    }

    function show() {
      const fresh = pending.splice(0, pending.length);
      for (const html of fresh) {
        const added = row(html);
        localise(added);
        added.classList.add('fresh');
        const before = Array.from(rows.rows).find((one) => one.dataset.id === added.dataset.id);
        if (before) {
          before.remove();
        }
        rows.prepend(added);
      }
      while (rows.rows.length > most) {
        rows.lastElementChild.remove();
      }
    }

    let asked = false;

    function later() {
      if (!asked && !paused) {
        asked = true;
        setTimeout(() => {
          asked = false;
          if (!paused) {
            show();
          }
        }, 100);
      }
    }

    const source = new EventSource(live.dataset.events);
    source.addEventListener('open', () => {
      broken = false;
      notes = [];
      say();
    });
    source.addEventListener('error', () => {
      broken = true;
      say();
    });
    source.addEventListener('push', (event) => {
      pending.push(JSON.parse(event.data));
      if (pending.length > most) {
        pending.shift();
        missed++;
      }
      if (paused) {
        say();
      }
      later();
    });
    source.addEventListener('missed', (event) => {
      missed += JSON.parse(event.data).missed;
      say();
    });
    source.addEventListener('note', (event) => {
      notes = [...notes.slice(-2), JSON.parse(event.data).note];
      say();
    });
    source.addEventListener('end', () => {
      source.close();
      broken = true;
      say();
    });
    pause.hidden = false;
    pause.addEventListener('click', () => {
      paused = !paused;
      say();
      later();
    });
    addEventListener('pagehide', () => source.close());
  }

  const live = document.getElementById('live');
  if (live && live.dataset.events && 'EventSource' in window) {
    follow(live);
  }
})();
