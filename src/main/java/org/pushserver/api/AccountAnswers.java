// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.pushserver.api.DeviceAnswer.Kind;

/**
 * What came of the stored devices of an account.
 *
 * @param devices in their order; at least one
 */
record AccountAnswers(List<AccountAnswer> devices) implements RequestAnswer.Data {
  static final String STILL_TRYING = "still trying";

  private static final String RESPONSES = "push notification responses";

  /**
   * The answer to the request: 200 when any device took it, or was found dead; 202 while that may
   * still come; else the worst of what they came to.
   */
  RequestAnswer answer() {
    boolean anyWaits = devices.stream().anyMatch(AccountAnswer::waits);
    if (!anyWaits && devices.stream().anyMatch(AccountAnswer::isLeftToItself)) {
      return RequestAnswer.accepted();
    }
    if (devices.stream().map(AccountAnswer::device).anyMatch(AccountAnswers::isKnownAndGood)) {
      return new RequestAnswer(200, RESPONSES, 0, this);
    }
    if (devices.stream().map(AccountAnswer::device).anyMatch(DeviceAnswer::isOnItsWay)) {
      return new RequestAnswer(202, STILL_TRYING, 0, this);
    }
    DeviceAnswers all = new DeviceAnswers(devices.stream().map(AccountAnswer::device).toList());
    DeviceAnswer worst = all.worst();
    String told = all.isRefusedForOneReason() ? worst.reason() : RESPONSES;
    return new RequestAnswer(worst.code(), told, worst.retryAfter(), this);
  }

  private static boolean isKnownAndGood(DeviceAnswer device) {
    return device.kind() == Kind.DEAD || (device.kind() == Kind.SENT && !device.isOnItsWay());
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (AccountAnswer device : devices) {
      device.write(json);
    }
    json.writeEndArray();
  }
}
