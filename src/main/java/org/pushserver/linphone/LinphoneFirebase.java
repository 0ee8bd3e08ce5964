// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import java.io.IOException;
import java.time.ZoneId;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.FirebaseData;
import org.pushserver.spi.FirebasePayload;

/** The notifications of Linphone on Firebase: data only. */
public class LinphoneFirebase extends FirebasePayload {
  private final SendTime sendTime;

  /** With times as this machine's zone has them. */
  public LinphoneFirebase() {
    this(new SendTime(ZoneId.systemDefault()));
  }

  LinphoneFirebase(SendTime sendTime) {
    this.sendTime = sendTime;
  }

  @Override
  protected void writeData(FirebaseData data, Push push) throws IOException {
    String from = push.details().from();
    data.put("call-id", push.callId());
    if (push.event().kind() == Kind.WAKE) {
      data.put("send-time", sendTime.of(push));
      return;
    }
    data.put("sip-from", from);
    data.put("loc-key", "");
    data.put("loc-args", from);
    data.put("send-time", sendTime.of(push));
  }
}
