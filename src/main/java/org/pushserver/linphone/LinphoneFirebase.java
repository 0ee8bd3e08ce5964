// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import java.io.IOException;
import org.pushserver.push.Push;
import org.pushserver.spi.FirebaseData;
import org.pushserver.spi.FirebasePayload;

final class LinphoneFirebase extends FirebasePayload {
  private final SendTime sendTime;

  LinphoneFirebase(SendTime sendTime) {
    this.sendTime = sendTime;
  }

  @Override
  protected void writeData(FirebaseData data, Push push) throws IOException {
    String from = push.details().from();
    data.put("call-id", push.callId());
    data.put("sip-from", from);
    data.put("loc-key", "");
    data.put("loc-args", from);
    data.put("send-time", sendTime.of(push));
  }
}
