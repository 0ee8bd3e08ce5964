// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.pushserver.pem.Pem;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [Cassandra]} of general.ini: the cluster in which tokens are stored, when it is there.
 * Immutable.
 *
 * @param contactPoints some of its nodes, at least one; not looked up
 * @param keyspace the keyspace of both tables
 * @param table the table of the devices
 * @param debug whether what the driver does is logged
 * @param datacenter the nodes of which are asked; empty: that of the contact points
 * @param user who logs in; empty when nobody has to
 * @param password of that user; never logged
 * @param tls whether connections are encrypted
 * @param authorities whose certificates are believed; empty: those that the system trusts
 * @param consistency how many replicas must answer, in Cassandra's words, in lower case
 * @param timeout how long an answer may take
 */
public record CassandraSettings(
    List<InetSocketAddress> contactPoints,
    String keyspace,
    String table,
    boolean debug,
    String datacenter,
    String user,
    String password,
    boolean tls,
    List<X509Certificate> authorities,
    String consistency,
    Duration timeout) {
  /** What a section says of a cluster. */
  enum Named {
    /** Nothing: there is none. */
    NOT,
    /** That there is one, but not which, or where in it. */
    BADLY,
    /** All that it takes. */
    WELL
  }

  /** The section's name, as existing files have it. */
  static final String SECTION = "Cassandra";

  private static final String POINTS = "cluster_contact_points";
  private static final String KEYSPACE = "keyspace";
  private static final String TABLE = "table";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String CA_FILE = "ca_file";
  private static final int DEFAULT_PORT = 9042;
  private static final String DEFAULT_TABLE = "push_tokens";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  /** What Cassandra takes without quotes, and no longer. */
  private static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,47}";

  private static final String[] CONSISTENCIES = {
    "local_quorum", "local_one", "one", "two", "three", "quorum", "each_quorum", "all"
  };

  public CassandraSettings {
    contactPoints = List.copyOf(contactPoints);
    Objects.requireNonNull(keyspace, KEYSPACE);
    Objects.requireNonNull(table, TABLE);
    Objects.requireNonNull(datacenter, "datacenter");
    Objects.requireNonNull(user, USER);
    Objects.requireNonNull(password, PASSWORD);
    authorities = List.copyOf(authorities);
    Objects.requireNonNull(consistency, "consistency");
    Objects.requireNonNull(timeout, "timeout");
    if (contactPoints.isEmpty()) {
      throw new IllegalArgumentException("no contact point");
    }
  }

  /**
   * With what is usual: plain, nobody logs in, two seconds.
   *
   * @param contactPoint a node, not looked up
   */
  public CassandraSettings(InetSocketAddress contactPoint, String keyspace) {
    this(
        List.of(contactPoint),
        keyspace,
        DEFAULT_TABLE,
        false,
        "",
        "",
        "",
        false,
        List.of(),
        CONSISTENCIES[0],
        DEFAULT_TIMEOUT);
  }

  /** What a section says, of which {@link #read} made these settings. */
  static Named named(SectionReader in, CassandraSettings read) {
    if (read != null) {
      return Named.WELL;
    }
    return words(in).isEmpty() ? Named.NOT : Named.BADLY;
  }

  private static List<String> words(SectionReader in) {
    return Stream.of(in.text(POINTS).orElse("").split("[,\\s]+", -1))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /**
   * Reads the section; null when it names no cluster, or cannot be used. Reads the file of
   * authorities, so it may block.
   *
   * @param isWanted whether tokens may be in it: what is wrong with it is a mere warning else
   */
  static CassandraSettings read(SectionReader in, boolean isWanted, Path directory) {
    if (words(in).isEmpty()) {
      if (in.text(KEYSPACE).isPresent()) {
        in.report(
            Severity.WARNING,
            KEYSPACE,
            "it has no effect without cluster_contact_points; no token is stored in Cassandra");
      }
      return null;
    }
    Severity severity = isWanted ? Severity.ERROR : Severity.WARNING;
    List<InetSocketAddress> points = points(in);
    String keyspace = name(in, KEYSPACE, "", severity);
    String table = name(in, TABLE, DEFAULT_TABLE, severity);
    if (points.isEmpty()) {
      in.report(severity, POINTS, "it names no node; no token is stored");
    }
    if (keyspace != null && keyspace.isEmpty()) {
      in.report(
          severity,
          KEYSPACE,
          "it is needed with cluster_contact_points; no token is stored without it; set it to the"
              + " keyspace that has the tables");
    }
    if (points.isEmpty() || table == null || keyspace == null || keyspace.isEmpty()) {
      return null;
    }
    String user = in.text(USER).orElse("");
    String password = in.text(PASSWORD).orElse("");
    if (user.isEmpty() != password.isEmpty()) {
      in.report(
          Severity.WARNING,
          user.isEmpty() ? PASSWORD : USER,
          "user and password belong together; set both or none");
    }
    boolean tls = in.flag("tls", false);
    return new CassandraSettings(
        points,
        keyspace,
        table,
        in.flag("debug", false),
        in.text("datacenter").orElse(""),
        user,
        password,
        tls,
        authorities(in, tls, directory),
        in.choice("consistency", CONSISTENCIES),
        in.seconds("timeout", DEFAULT_TIMEOUT, Severity.WARNING));
  }

  private static List<InetSocketAddress> points(SectionReader in) {
    int port = in.number("port", 1, 65_535, DEFAULT_PORT, Severity.WARNING);
    List<InetSocketAddress> points = new ArrayList<>();
    words(in)
        .forEach(
            text -> {
              InetSocketAddress point = HostPort.parse(text, port);
              if (point == null) {
                in.report(
                    Severity.WARNING,
                    POINTS,
                    "'" + text + "' is no HOST and no HOST:PORT; it is not asked");
              } else {
                points.add(point);
              }
            });
    return points;
  }

  /** Null for what Cassandra would not take. */
  private static String name(SectionReader in, String key, String otherwise, Severity severity) {
    String name = in.text(key).orElse(otherwise);
    if (name.isEmpty() || name.matches(NAME)) {
      return name;
    }
    in.report(
        severity,
        key,
        "'"
            + name
            + "' must be letters, digits and _, at most 48, with a letter first; no token is"
            + " stored");
    return null;
  }

  private static List<X509Certificate> authorities(SectionReader in, boolean tls, Path directory) {
    if (in.text(CA_FILE).isEmpty()) {
      return List.of();
    }
    if (!tls) {
      in.report(Severity.WARNING, CA_FILE, "it has no effect without tls = yes");
      return List.of();
    }
    Path file = in.path(CA_FILE, "", directory);
    try {
      return Pem.readCertificates(file);
    } catch (Pem.PemException e) {
      in.report(
          Severity.WARNING,
          CA_FILE,
          e.getMessage() + "; only those are believed that the system trusts");
      return List.of();
    }
  }

  /** Where it is, for people. */
  public String nodes() {
    return String.join(
        ", ",
        contactPoints.stream()
            .map(point -> ListenAddress.text(point.getHostString(), point.getPort()))
            .toList());
  }

  /** Without the password. */
  @Override
  public String toString() {
    return nodes() + ", table " + keyspace + "." + table;
  }
}
