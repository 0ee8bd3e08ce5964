// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.util.Objects;
import java.util.Optional;
import org.pushserver.push.Push;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Reason;

/** Makes notifications with a plugin; one that it cannot make ends its push, and nothing more. */
final class CustomMaker implements PayloadMaker {
  private final String owner;
  private final PayloadMaker custom;

  /**
   * @param owner whose it is, for messages
   */
  CustomMaker(String owner, PayloadMaker custom) {
    this.owner = owner;
    this.custom = Objects.requireNonNull(custom, "nothing makes notifications");
  }

  /** An Error, such as a class that is not in the jar, must not end more than this push. */
  @Override
  public Payload make(Push push, long now) {
    try {
      Payload made = Objects.requireNonNull(custom.make(push, now), "no notification");
      made.headers().forEach(CustomMaker::requireHeader);
      return made;
    } catch (Error e) {
      throw new IllegalStateException(owner + " fails: " + Reason.of(e), e);
    }
  }

  @Override
  public Optional<PayloadMaker> identified() {
    return custom.identified().map(maker -> new CustomMaker(owner, maker));
  }

  private static void requireHeader(String header, String value) {
    Objects.requireNonNull(header, "a header without a name");
    Objects.requireNonNull(value, () -> "no value of the header " + header);
  }
}
