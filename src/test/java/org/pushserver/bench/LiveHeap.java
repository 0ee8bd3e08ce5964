// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What lives on the heap of a JVM after a full collection. */
public final class LiveHeap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

  /** As jcmd says it: the version of the protocol, and three arguments. */
  private static final String ASK = "1\0jcmd\0GC.class_histogram\0\0\0";

  private LiveHeap() {}

  /** In bytes. Stops that JVM for a moment, which may be this one. */
  public static long bytes(long pid) throws IOException {
    if (pid == ProcessHandle.current().pid()) {
      return parse(ofThisJvm());
    }
    // Where a JVM listens once jcmd has asked it for anything: a jcmd for each look is a JVM each.
    Path socket = Path.of("/tmp", ".java_pid" + pid);
    return parse(Files.exists(socket) ? ask(socket) : jcmd(pid));
  }

  private static String ofThisJvm() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new BenchException("no histogram of this JVM: " + e);
    }
  }

  private static String ask(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer question = ByteBuffer.wrap(ASK.getBytes(StandardCharsets.US_ASCII));
      while (question.hasRemaining()) {
        int unused = channel.write(question);
      }
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String jcmd(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Path histogram = Files.createTempFile("histogram", ".txt");
    try {
      new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
          .redirectErrorStream(true)
          .redirectOutput(histogram.toFile())
          .start()
          .onExit()
          .join();
      return Files.readString(histogram);
    } finally {
      Files.delete(histogram);
    }
  }

  /** Of the histogram's text. */
  static long parse(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new BenchException("there is no histogram:\n" + histogram);
    }
    return Long.parseLong(total.group(1));
  }
}
