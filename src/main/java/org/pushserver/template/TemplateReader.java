// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static java.util.stream.Collectors.joining;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;
import org.pushserver.spi.TemplateRules.Notifications;

/** Reads the section of an application of the type {@code template}. Blocks. */
final class TemplateReader {
  private static final String EVENTS = "events";
  private static final String TEMPLATE = "payload_template";
  private static final String LIFETIME = "lifetime";

  static final List<Setting> SETTINGS =
      List.of(
          Setting.text(EVENTS),
          Setting.fileBeside(TEMPLATE).perEvent(),
          Setting.text(LIFETIME).perEvent());

  private static final int LARGEST_FILE = 64 * 1024;
  private static final long LONGEST_LIFETIME = Duration.ofDays(28).toSeconds();

  /** A key as the section has it. */
  private record Value(String key, String value) {}

  private final AppConfig config;
  private final TemplateRules rules;
  private final Consumer<Problem> warnings;
  private final Set<Problem> errors = new LinkedHashSet<>();
  private final Map<Path, String> texts = new HashMap<>();
  private boolean wantsExtraFields;

  /**
   * @param rules what the push service wants
   */
  TemplateReader(AppConfig config, TemplateRules rules, Consumer<Problem> warnings) {
    this.config = config;
    this.rules = rules;
    this.warnings = warnings;
  }

  ApplicationType read() throws ConfigException {
    List<Event> events = events();
    Map<Event, PayloadMaker> makers = new LinkedHashMap<>();
    for (Event event : events) {
      maker(event).ifPresent(maker -> makers.put(event, maker));
    }
    if (events.isEmpty() && errors.isEmpty()) {
      errors.add(
          config.error(TEMPLATE, "is missing: name the file with the notification's template"));
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(List.copyOf(errors));
    }
    warnOfUseless(events);
    return new ConfiguredTemplate(events, makers, wantsExtraFields);
  }

  /** Those that are listed, or else those that there is a template for. */
  private List<Event> events() {
    Optional<String> listed = config.setting(EVENTS);
    if (listed.isEmpty()) {
      return Event.SYLK.stream().filter(event -> setting(TEMPLATE, event).isPresent()).toList();
    }
    List<Event> events = new ArrayList<>();
    for (String entry : listed.get().split("[,\\s]+", -1)) {
      if (!entry.isEmpty()) {
        event(entry).ifPresent(events::add);
      }
    }
    return events;
  }

  private Optional<Event> event(String entry) {
    String[] parts = entry.toLowerCase(Locale.ROOT).split(":", 2);
    Optional<Event> standard =
        Stream.concat(Event.SYLK.stream(), Stream.of(Event.WAKE))
            .filter(one -> one.name().equals(parts[0]))
            .findFirst();
    if (parts.length == 1 && standard.isPresent()) {
      return standard;
    }
    try {
      if (parts.length == 2 && standard.isEmpty() && parts[0].matches("[a-z0-9_]{1,64}")) {
        return Optional.of(new Event(parts[0], Kind.valueOf(parts[1].toUpperCase(Locale.ROOT))));
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    errors.add(
        config.error(
            EVENTS,
            "'%s' is neither one of %s nor a name of your own with its kind, such as doorbell:ring"
                    .formatted(entry, names(Event.SYLK))
                + " (ring, cancel, message, transfer or wake)"));
    return Optional.empty();
  }

  private static String names(List<Event> events) {
    return events.stream().map(Event::name).collect(joining(", "));
  }

  /** A key's value for one event: its own, or that for all. */
  private Optional<Value> setting(String key, Event event) {
    String own = key + "_" + event.name();
    return config
        .setting(own)
        .map(value -> new Value(own, value.strip()))
        .or(() -> config.setting(key).map(value -> new Value(key, value.strip())));
  }

  private Optional<PayloadMaker> maker(Event event) {
    Optional<Value> file = setting(TEMPLATE, event);
    Notifications notifications = rules.notifications(new OfEvent(event));
    Duration lifetime = lifetime(event);
    if (file.isEmpty()) {
      errors.add(
          config.error(
              TEMPLATE, "is missing for the event " + event + ": name a file for it, or for all"));
      return Optional.empty();
    }
    Path path = Path.of("");
    try {
      path = config.beside(file.get().key()).orElseThrow();
      String text = text(path);
      new TemplateCheck(config.key(), event, notifications).check(new PayloadTemplate(text));
      PayloadTemplate template = new PayloadTemplate(PayloadTemplate.dense(text));
      wantsExtraFields |= !template.extraFields().isEmpty();
      return Optional.of(
          notifications.maker((push, now) -> body(template, lifetime, push, now), lifetime));
    } catch (InvalidPathException e) {
      errors.add(config.error(file.get().key(), "this is no file name"));
    } catch (TemplateException e) {
      errors.add(config.error(file.get().key(), path + ": " + e.getMessage()));
    }
    return Optional.empty();
  }

  /** With whole seconds to live, rounded down so that nothing is delivered after the deadline. */
  private static Buffer body(PayloadTemplate template, Duration lifetime, Push push, long now) {
    long ttl = Math.min(lifetime.toMillis(), push.remaining(now)) / 1000;
    try {
      return Buffer.buffer(template.fill(new Values.Subject(push, ttl)));
    } catch (TemplateException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private String text(Path file) throws TemplateException {
    String known = texts.get(file);
    if (known != null) {
      return known;
    }
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new TemplateException("has more than " + LARGEST_FILE + " bytes");
      }
      String text = Files.readString(file);
      texts.put(file, text);
      return text;
    } catch (NoSuchFileException e) {
      throw new TemplateException("there is no such file");
    } catch (MalformedInputException e) {
      throw new TemplateException("is not text in UTF-8");
    } catch (IOException e) {
      throw new TemplateException("cannot be read (" + Reason.of(e) + ")");
    }
  }

  private Duration lifetime(Event event) {
    Optional<Value> setting = setting(LIFETIME, event);
    if (setting.isEmpty()) {
      return rules.lifetime();
    }
    String value = setting.get().value();
    if (value.matches("\\d{1,7}") && Long.parseLong(value) <= LONGEST_LIFETIME) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    wrong(setting.get(), "not a whole number of seconds from 0 to " + LONGEST_LIFETIME);
    return Duration.ZERO;
  }

  private void wrong(Value setting, String why) {
    errors.add(config.error(setting.key(), "'" + setting.value() + "' is " + why));
  }

  /** Keys that nothing reads are rather misspelt ones that somebody relies on. */
  private void warnOfUseless(List<Event> events) {
    List<String> bases =
        Stream.concat(SETTINGS.stream(), rules.settings().stream())
            .filter(Setting::isPerEvent)
            .map(Setting::name)
            .toList();
    for (String key : config.settings().keySet()) {
      for (String base : bases) {
        boolean known = events.stream().anyMatch(one -> key.equals(base + "_" + one.name()));
        if (!known && key.startsWith(base + "_")) {
          warnings.accept(config.warning(key, "is not used; the events are " + names(events)));
        }
      }
    }
  }

  /** What the push service sees of the section. */
  private final class OfEvent implements TemplateRules.EventSettings {
    private final Event event;

    OfEvent(Event event) {
      this.event = event;
    }

    @Override
    public Event event() {
      return event;
    }

    @Override
    public Optional<String> value(String key) {
      return setting(key, event).map(Value::value);
    }

    @Override
    public void wrong(String key, String why) {
      setting(key, event).ifPresent(value -> TemplateReader.this.wrong(value, why));
    }
  }
}
