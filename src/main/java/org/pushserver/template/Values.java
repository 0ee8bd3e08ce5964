// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.samskivert.mustache.Mustache;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;

/**
 * What names in a template mean. It stands in the place of the library's reflection, so that a
 * template can get at nothing but this; and whatever it gets, it gets as JSON.
 */
final class Values implements Mustache.Collector {
  /** Whole JSON values, quotes included: {@code {{json.reason}}}. */
  private static final String JSON = "json.";

  /** Fields that nobody but the application knows: {@code {{extra.door}}}. */
  static final String EXTRA = "extra.";

  private static final Map<String, Function<Subject, Object>> FIELDS =
      Map.ofEntries(
          entry("id", subject -> subject.push().id().toString()),
          entry("app-id", subject -> subject.push().app().appId()),
          entry("platform", subject -> subject.push().app().platform()),
          entry("token", subject -> subject.push().device().token()),
          entry("device-id", subject -> subject.push().device().id()),
          entry("event", subject -> subject.push().event().name()),
          entry("ring", subject -> subject.push().event().kind() == Kind.RING),
          entry("cancel", subject -> subject.push().event().kind() == Kind.CANCEL),
          entry("message", subject -> subject.push().event().kind() == Kind.MESSAGE),
          entry("transfer", subject -> subject.push().event().kind() == Kind.TRANSFER),
          entry("wake", subject -> subject.push().event().kind() == Kind.WAKE),
          entry("call-id", subject -> subject.push().callId()),
          entry("from", subject -> subject.push().details().from()),
          entry("from-display-name", subject -> subject.push().details().fromDisplayName()),
          entry("caller", Values::caller),
          entry("to", subject -> subject.push().details().to()),
          entry("media-type", subject -> subject.push().details().mediaType()),
          entry("silent", subject -> subject.push().details().silent()),
          entry("reason", subject -> subject.push().details().reason()),
          entry("badge", subject -> subject.push().details().badge()),
          entry("account", subject -> subject.push().details().account()),
          entry("filename", subject -> subject.push().details().filename()),
          entry("filetype", subject -> subject.push().details().filetype()),
          entry("content", subject -> subject.push().details().content()),
          entry("content-type", subject -> subject.push().details().contentType()),
          entry("time", subject -> subject.push().bornAt() / 1000),
          entry("ttl", Subject::ttl),
          entry("push-id", subject -> subject.push().id().toString()),
          entry("expires-at", subject -> subject.push().deadline()));

  /**
   * What is told.
   *
   * @param push the push
   * @param ttl how long the push service may keep it, in seconds
   */
  record Subject(Push push, long ttl) {}

  /** Text that is JSON already. */
  private record Json(String text) {}

  private static String caller(Subject subject) {
    String name = subject.push().details().fromDisplayName();
    return name == null ? subject.push().details().from() : name;
  }

  /** Whether a name is one of {@link #EXTRA}, as text or as a JSON value. */
  static boolean isExtra(String name) {
    return name.startsWith(EXTRA) || name.startsWith(JSON + EXTRA);
  }

  /** The name that a further field has in a request. */
  static String extraName(String name) {
    return canonical(name.substring(name.indexOf(EXTRA) + EXTRA.length()));
  }

  private static String canonical(String name) {
    return name.replace('_', '-');
  }

  @Override
  public Mustache.VariableFetcher createFetcher(Object context, String name) {
    // Inside of {{#reason}} the context is the reason itself: names are looked for further out.
    return context instanceof Subject ? fetcher(value(name)) : null;
  }

  private static Mustache.VariableFetcher fetcher(Function<Subject, Object> value) {
    return (context, name) -> value.apply((Subject) context);
  }

  private static Function<Subject, Object> value(String name) {
    if (name.startsWith(JSON)) {
      Function<Subject, Object> plain = value(name.substring(JSON.length()));
      return subject -> new Json(json(plain.apply(subject)));
    }
    if (name.startsWith(EXTRA)) {
      String field = extraName(name);
      return subject -> subject.push().details().extra().get(field);
    }
    return FIELDS.getOrDefault(
        canonical(name),
        subject -> {
          throw new UnknownNameException();
        });
  }

  private static String json(Object value) {
    return value instanceof String text ? '"' + escape(text) + '"' : String.valueOf(value);
  }

  private static String escape(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  /** What a value becomes in the JSON; there is no way around it in a template. */
  static String format(Object value) {
    if (value instanceof Json json) {
      return json.text();
    }
    if (value instanceof String text) {
      return escape(text);
    }
    if (value instanceof Boolean || value instanceof Number) {
      return value.toString();
    }
    throw new IllegalArgumentException("{{.}} means something only inside of a section of a text");
  }

  @Override
  public Iterator<?> toIterator(Object value) {
    return value instanceof Iterable<?> values ? values.iterator() : null;
  }

  @Override
  public <K, V> Map<K, V> createFetcherCache() {
    return new ConcurrentHashMap<>();
  }

  /** A template names what does not exist. */
  static final class UnknownNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownNameException() {
      super(
          "there is no such field; there are " + String.join(", ", new TreeSet<>(FIELDS.keySet())));
    }
  }
}
