// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.net.URI;
import org.pushserver.fake.Programs;

/** Calls to phones that sleep, through FreeSWITCH with the script that users get. */
class FreeSwitchIT extends SleepingPhones {
  @Override
  String missing() {
    return Programs.areHere("freeswitch", "sipp")
        ? ""
        : "no FreeSWITCH, or no SIPp, on this machine";
  }

  @Override
  Pbx start(URI push, int waitS) throws Exception {
    return new FreeSwitch(directory, push, waitS);
  }
}
