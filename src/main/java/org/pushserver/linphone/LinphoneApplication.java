// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * The type {@code linphone}: Linphone and the apps built from it. It knows a call, and a wake-up.
 * An application type that is like it extends this class, gives itself another {@link #name} and
 * overrides what differs.
 */
public class LinphoneApplication implements ApplicationType {
  private static final List<Event> EVENTS = List.of(Event.INCOMING_SESSION, Event.WAKE);

  private final SendTime sendTime;

  public LinphoneApplication() {
    this(ZoneId.systemDefault());
  }

  LinphoneApplication(ZoneId zone) {
    sendTime = new SendTime(zone);
  }

  @Override
  public String name() {
    return "linphone";
  }

  @Override
  public List<Event> events() {
    return EVENTS;
  }

  @Override
  public Optional<Event> defaultEvent() {
    return Optional.of(Event.INCOMING_SESSION);
  }

  /** It has none; of a type that extends it, only that type knows. */
  @Override
  public Optional<List<Setting>> settings(PushServiceProvider service) {
    return getClass() == LinphoneApplication.class ? Optional.of(List.of()) : Optional.empty();
  }

  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return switch (platform) {
      case AppKey.APPLE -> Optional.of(new LinphoneApple(sendTime));
      case AppKey.FIREBASE -> Optional.of(new LinphoneFirebase(sendTime));
      default -> Optional.empty();
    };
  }
}
