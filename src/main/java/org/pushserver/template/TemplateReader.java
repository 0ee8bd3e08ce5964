// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static java.util.stream.Collectors.joining;

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
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplePushType;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Setting;

/** Reads the section of an application of the type {@code template}. Blocks. */
final class TemplateReader {
  private static final String EVENTS = "events";
  private static final String TEMPLATE = "payload_template";
  private static final String LIFETIME = "lifetime";
  private static final String PUSH_TYPE = "push_type";
  private static final String PRIORITY = "priority";
  private static final String TOPIC = "topic";
  private static final List<String> FOR_APPLE = List.of(PUSH_TYPE, PRIORITY, TOPIC);

  /** Keys that may end in {@code _<event>}. */
  private static final List<String> PER_EVENT =
      List.of(TEMPLATE, LIFETIME, PUSH_TYPE, PRIORITY, TOPIC);

  static final List<Setting> SETTINGS =
      List.of(
          Setting.text(EVENTS),
          Setting.fileBeside(TEMPLATE).perEvent(),
          Setting.text(LIFETIME).perEvent(),
          Setting.text(PUSH_TYPE).perEvent(),
          Setting.text(PRIORITY).perEvent(),
          Setting.text(TOPIC).perEvent());

  private static final int LARGEST_FILE = 64 * 1024;
  private static final long LONGEST_LIFETIME = Duration.ofDays(28).toSeconds();

  /** A key as the section has it. */
  private record Value(String key, String value) {}

  private final AppConfig config;
  private final Consumer<Problem> warnings;
  private final Set<Problem> errors = new LinkedHashSet<>();
  private final Map<Path, String> texts = new HashMap<>();

  TemplateReader(AppConfig config, Consumer<Problem> warnings) {
    this.config = config;
    this.warnings = warnings;
  }

  ApplicationType read() throws ConfigException {
    List<Event> events = events();
    Map<Event, EventTemplate> templates = new LinkedHashMap<>();
    for (Event event : events) {
      eventTemplate(event).ifPresent(template -> templates.put(event, template));
    }
    if (events.isEmpty() && errors.isEmpty()) {
      errors.add(
          config.error(TEMPLATE, "is missing: name the file with the notification's template"));
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(List.copyOf(errors));
    }
    warnOfUseless(events);
    return new ConfiguredTemplate(events, templates);
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
        Event.SYLK.stream().filter(one -> one.name().equals(parts[0])).findFirst();
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
                + " (ring, cancel, message or transfer)"));
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

  private Optional<EventTemplate> eventTemplate(Event event) {
    Optional<Value> file = setting(TEMPLATE, event);
    ApplePushType type = pushType(event);
    int priority = priority(event, type);
    Duration lifetime = lifetime(event);
    String topic = setting(TOPIC, event).map(Value::value).orElse(null);
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
      EventTemplate readable =
          new EventTemplate(new PayloadTemplate(text), lifetime, type, priority, topic);
      new TemplateCheck(config.key(), event).check(readable);
      return Optional.of(
          new EventTemplate(
              new PayloadTemplate(PayloadTemplate.dense(text)), lifetime, type, priority, topic));
    } catch (InvalidPathException e) {
      errors.add(config.error(file.get().key(), "this is no file name"));
    } catch (TemplateException e) {
      errors.add(config.error(file.get().key(), path + ": " + e.getMessage()));
    }
    return Optional.empty();
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

  private ApplePushType pushType(Event event) {
    ApplePushType usual = ApplePushType.of(event.kind());
    Optional<Value> setting = setting(PUSH_TYPE, event);
    if (setting.isEmpty()) {
      return usual;
    }
    for (ApplePushType type : ApplePushType.values()) {
      if (type.header().equals(setting.get().value().toLowerCase(Locale.ROOT))) {
        if (type == ApplePushType.VOIP && event.kind() != Kind.RING) {
          wrong(setting.get(), "for a ring only; iOS stops an app that shows no call for it");
        }
        return type;
      }
    }
    wrong(setting.get(), "not one of alert, background, voip");
    return usual;
  }

  private int priority(Event event, ApplePushType type) {
    Optional<Value> setting = setting(PRIORITY, event);
    if (setting.isEmpty()) {
      return type.priority();
    }
    String value = setting.get().value();
    if (!List.of("1", "5", "10").contains(value)) {
      wrong(setting.get(), "not one of 1, 5, 10");
      return type.priority();
    }
    if (type == ApplePushType.BACKGROUND && !value.equals("5")) {
      wrong(
          setting.get(),
          "not possible for " + event + ": Apple takes background pushes with 5 only");
    }
    return Integer.parseInt(value);
  }

  private Duration lifetime(Event event) {
    Optional<Value> setting = setting(LIFETIME, event);
    if (setting.isEmpty()) {
      return Duration.ofSeconds(config.key().platform().equals(AppKey.APPLE) ? 120 : 60);
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
    boolean apple = config.key().platform().equals(AppKey.APPLE);
    for (String key : config.settings().keySet()) {
      for (String base : PER_EVENT) {
        boolean known =
            key.equals(base)
                || events.stream().anyMatch(one -> key.equals(base + "_" + one.name()));
        if (!known && key.startsWith(base + "_")) {
          warnings.accept(config.warning(key, "is not used; the events are " + names(events)));
        } else if (known && !apple && FOR_APPLE.contains(base)) {
          warnings.accept(config.warning(key, "is not used; it is for apple only"));
        }
      }
    }
  }
}
