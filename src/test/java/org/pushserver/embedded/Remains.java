// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What of a server may be left in a JVM, as the JVM tells.
 *
 * @param objects how many there are, by class: of ours, and of what Vert.x has for somebody
 * @param threads the names of all that run, but those of the test's own client
 * @param descriptors how many files and sockets are open
 */
record Remains(Map<String, Long> objects, Set<String> threads, int descriptors) {
  private static final Set<String> OF_VERTX =
      Set.of(
          "io.vertx.core.eventbus.impl.HandlerHolder",
          "io.vertx.core.eventbus.impl.MessageConsumerImpl",
          "io.vertx.core.impl.VertxImpl$InternalTimerHandler",
          "io.vertx.core.net.impl.NetServerImpl",
          "io.vertx.core.http.impl.HttpServerImpl",
          "io.vertx.core.http.impl.HttpClientImpl",
          "io.netty.handler.ssl.SslHandler",
          "io.netty.channel.socket.nio.NioSocketChannel",
          "io.micrometer.prometheusmetrics.PrometheusMeterRegistry");

  /** Looks, after a full collection. */
  static Remains now() throws JMException {
    return new Remains(living(), running(), new File("/proc/self/fd").list().length);
  }

  private static Map<String, Long> living() throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    Map<String, Long> objects = new TreeMap<>();
    for (String line : histogram.toString().split("\n", -1)) {
      String[] columns = line.strip().split("\\s+", -1);
      // Number, instances, bytes, class, and maybe its module.
      if (columns.length >= 4 && columns[0].matches("[0-9]+:") && isCounted(columns[3])) {
        objects.merge(columns[3], Long.valueOf(columns[1]), Long::sum);
      }
    }
    return objects;
  }

  private static boolean isCounted(String name) {
    return OF_VERTX.contains(name)
        || (name.startsWith("org.pushserver.")
            && !name.startsWith("org.pushserver.embedded.")
            && !name.startsWith("org.pushserver.sandbox.")
            && !name.startsWith("org.pushserver.fake."));
  }

  private static Set<String> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> !name.startsWith("HttpClient-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same, but for objects of some classes and their lambdas. */
  Remains without(List<Class<?>> classes) {
    Map<String, Long> rest = new TreeMap<>(objects);
    rest.keySet()
        .removeIf(
            name ->
                classes.stream().anyMatch(one -> name.split("[$]", 2)[0].equals(one.getName())));
    return new Remains(rest, threads, descriptors);
  }

  /** What there is more of than there was; empty when there is nothing. */
  String beyond(Remains before) {
    Map<String, String> more = new TreeMap<>();
    objects.forEach(
        (name, count) -> {
          long known = before.objects.getOrDefault(name, 0L);
          if (count > known) {
            more.put(name, known + " → " + count);
          }
        });
    Set<String> newThreads = new TreeSet<>(threads);
    newThreads.removeAll(before.threads);
    newThreads.forEach(name -> more.put("thread " + name, "new"));
    if (descriptors > before.descriptors) {
      more.put("descriptors", before.descriptors + " → " + descriptors);
    }
    return more.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("\n"));
  }
}
