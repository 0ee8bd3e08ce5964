// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing here is needed: times in the reader's zone, short addresses, and new pushes as they come.
(() => {
  'use strict';

  const format = new Intl.DateTimeFormat(undefined, {
    year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
  });

  function localise(root) {
    for (const time of root.querySelectorAll('time[datetime]')) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        const exact = document.createElement('small');
        exact.textContent = time.title;
        time.replaceChildren(format.format(at), ' ', exact);
      }
    }
  }

  localise(document);
  const zone = document.getElementById('zone');
  if (zone) {
    zone.textContent = `Times are in your zone, ${format.resolvedOptions().timeZone}, and in UTC.`;
  }

  // What was left empty need not stand in the address, which somebody may copy into a ticket.
  document.getElementById('search')?.addEventListener('formdata', event => {
    for (const [name, value] of [...event.formData]) {
      if (!value) {
        event.formData.delete(name);
      }
    }
  });

  const goesOn = document.querySelector('#goes-on a');
  if (goesOn) {
    location.replace(goesOn.href);
  }
})();
