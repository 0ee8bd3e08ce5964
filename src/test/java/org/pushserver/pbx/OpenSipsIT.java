// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.net.URI;
import org.pushserver.fake.Programs;

/** Calls to phones that sleep, through OpenSIPS with the file that users get. */
class OpenSipsIT extends SleepingPhones {
  @Override
  String missing() {
    return Programs.areHere("opensips", "sipp") && OpenSips.modules().isPresent()
        ? ""
        : "no OpenSIPS, or no SIPp, on this machine";
  }

  @Override
  Pbx start(URI push, int waitS) throws Exception {
    return new OpenSips(directory, push, waitS);
  }
}
