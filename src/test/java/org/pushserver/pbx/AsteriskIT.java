// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.net.URI;
import java.util.List;
import org.pushserver.fake.Programs;

/** Calls to phones that sleep, through Asterisk with the dialplan that users get. */
class AsteriskIT extends SleepingPhones {
  @Override
  String missing() {
    return Programs.areHere("asterisk", "sipp") ? "" : "no Asterisk, or no SIPp, on this machine";
  }

  @Override
  Pbx start(URI push, int waitS) throws Exception {
    return new Asterisk(
        directory, push, waitS, List.of("bob-android", "bob-iphone", "dead-android"));
  }
}
