// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.push.Event;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * The type {@code template}: an application whose notifications are written down in a file. All
 * that it is, its section says.
 */
public final class TemplateApplication implements ApplicationType {
  static final String NAME = "template";

  @Override
  public String name() {
    return NAME;
  }

  /** What an application may have when its section does not say. */
  @Override
  public List<Event> events() {
    return Event.SYLK;
  }

  @Override
  public Optional<List<Setting>> settings(PushServiceProvider service) {
    return Optional.of(
        Stream.concat(TemplateReader.SETTINGS.stream(), service.templates().settings().stream())
            .toList());
  }

  /** Reads the section and its templates, and tries them on samples of each event. */
  @Override
  public ApplicationType configure(
      AppConfig config, PushServiceProvider service, Consumer<Problem> warnings)
      throws ConfigException {
    return new TemplateReader(config, service.templates(), warnings).read();
  }

  /** Nothing before it is configured. */
  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return Optional.empty();
  }
}
