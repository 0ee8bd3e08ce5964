// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [cluster]} of general.ini: with whom this server is one. Immutable.
 *
 * @param name of the cluster; servers of another name are no members
 * @param address this server's own, an IP address; it listens for members on it and on no other
 * @param port where members say that they are there
 * @param busPort where members ask each other
 * @param node as operators call this server
 * @param members where others may be; a name stands for all its addresses; not looked up
 * @param tls what it shows, and who certifies members; null when nothing is encrypted
 */
public record ClusterSettings(
    String name,
    String address,
    int port,
    int busPort,
    String node,
    List<InetSocketAddress> members,
    Tls tls) {
  static final String SECTION = "cluster";

  private static final String ADDRESS = "address";
  private static final String MEMBERS = "members";
  private static final String CERTIFICATE = "tls_certificate";
  private static final String KEY = "tls_key";
  private static final String CA = "tls_ca";
  private static final String INSECURE = "insecure";
  private static final String OF_HOST_NAME = "hostname";
  private static final String BUS_PORT = "bus_port";
  private static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final int DEFAULT_PORT = 7800;
  private static final int MOST_PORTS = 65_535;

  /**
   * Whether a server that starts so will be a member, as far as a look at its file says: for who
   * wants to begin before the configuration is read. Blocks.
   *
   * @return false when there is doubt
   */
  public static boolean seemWanted(Overrides overrides) {
    try {
      Path directory = ConfigDirectory.find(overrides.directory(), ConfigDirectory.SEARCHED);
      return Files.readAllLines(directory.resolve(ConfigDirectory.GENERAL)).stream()
          .anyMatch(line -> line.strip().startsWith("[" + SECTION + "]"));
    } catch (IOException | UncheckedIOException | ConfigException e) {
      // Whoever reads it in earnest says so.
      return false;
    }
  }

  public ClusterSettings {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, ADDRESS);
    Objects.requireNonNull(node, "node");
    members = List.copyOf(members);
  }

  /** The same section of a file, which may be wrong in any way. */
  private record Reading(
      SectionReader in, Path directory, Consumer<Path> files, List<String> wrong) {
    void fatal(String key, String message) {
      in.report(Severity.FATAL, key, message);
      wrong.add(key);
    }
  }

  /**
   * Reads the section, and the files that it names: blocks.
   *
   * @param wanted whether the command line asks for a cluster
   * @param files takes those that are named
   * @return null when there is no such section, or it cannot be used, which is FATAL
   */
  static ClusterSettings read(
      IniFile ini,
      SectionReader in,
      Path directory,
      boolean wanted,
      Consumer<Path> files,
      Consumer<Problem> problems) {
    if (!ini.sections().containsKey(SECTION)) {
      if (wanted) {
        problems.accept(
            new Problem(
                Severity.FATAL,
                ini.file(),
                SECTION,
                "",
                "--cluster needs this section, which says who the members are; there is none"));
      }
      return null;
    }
    Reading reading = new Reading(in, directory, files, new ArrayList<>());
    ClusterSettings settings = settings(reading);
    return reading.wrong().isEmpty() ? settings : null;
  }

  private static ClusterSettings settings(Reading reading) {
    SectionReader in = reading.in();
    String address = address(reading);
    int port = in.number("port", 1, MOST_PORTS, DEFAULT_PORT, Severity.FATAL);
    int busPort = in.number(BUS_PORT, 1, MOST_PORTS, port + 1, Severity.FATAL);
    if (busPort == port) {
      reading.fatal(BUS_PORT, busPort + " is where members meet (port); choose another");
    }
    Tls tls = tls(reading);
    boolean insecure = in.flag(INSECURE, false, Severity.FATAL);
    if (in.text(CERTIFICATE).isEmpty() && !insecure && !isLoopback(address)) {
      reading.fatal(
          CERTIFICATE,
          "members on other machines need certificates: set tls_certificate and tls_ca; or insecure"
              + " = yes, which lets everybody in who reaches "
              + address);
    }
    if (insecure && tls != null) {
      in.report(Severity.WARNING, INSECURE, "it has no effect with tls_certificate; remove it");
    }
    return new ClusterSettings(
        word(reading, "name", "pushserver"),
        address,
        port,
        busPort,
        word(reading, "node", hostName()),
        members(reading, port),
        tls);
  }

  private static String word(Reading reading, String key, String otherwise) {
    String word = reading.in().text(key).orElse(otherwise);
    if (!word.matches(NAME_FORM)) {
      reading.fatal(
          key, "'" + word + "' must be letters, digits, dots, dashes and underscores, at most 64");
    }
    return word;
  }

  private static String address(Reading reading) {
    String named = reading.in().text(ADDRESS).orElse("127.0.0.1");
    String address = named.equals(OF_HOST_NAME) ? hostAddress() : named;
    InetAddress own = parsed(address);
    if (own == null) {
      reading.fatal(ADDRESS, "'" + address + "' is no IP address; name one of this machine's own");
    } else if (own.isAnyLocalAddress() || own.isMulticastAddress()) {
      reading.fatal(
          ADDRESS,
          "'" + address + "' is not one address; name that by which members reach this server");
    }
    return address;
  }

  /** Where a container's own name leads to is known only when it runs. */
  private static String hostAddress() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      return OF_HOST_NAME;
    }
  }

  private static InetAddress parsed(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /**
   * Whether the other servers cannot reach what listens there, as they are on other machines.
   *
   * @param host an address, or a name
   */
  public boolean isHidden(String host) {
    return (host.equals("localhost") || isLoopback(host)) && !isLoopback(address);
  }

  private static boolean isLoopback(String address) {
    InetAddress own = parsed(address);
    return own != null && own.isLoopbackAddress();
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.matches(NAME_FORM) ? name : "node";
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static List<InetSocketAddress> members(Reading reading, int port) {
    List<InetSocketAddress> members = new ArrayList<>();
    Stream.of(reading.in().text(MEMBERS).orElse("").split("[,\\s]+", -1))
        .filter(text -> !text.isEmpty())
        .forEach(
            text -> {
              InetSocketAddress member = HostPort.parse(text, port);
              if (member == null) {
                reading.fatal(MEMBERS, "'" + text + "' is no HOST and no HOST:PORT");
              } else {
                members.add(member);
              }
            });
    if (members.isEmpty() && reading.wrong().isEmpty()) {
      reading
          .in()
          .report(
              Severity.WARNING,
              MEMBERS,
              "none is named, so this server only waits for others to find it");
    }
    return members;
  }

  private static Tls tls(Reading reading) {
    SectionReader in = reading.in();
    for (String key : List.of(KEY, CA)) {
      if (in.text(key).isPresent() && in.text(CERTIFICATE).isEmpty()) {
        reading.fatal(key, "it has no effect without tls_certificate; set both");
      }
    }
    if (in.text(CERTIFICATE).isEmpty()) {
      return null;
    }
    if (in.text(CA).isEmpty()) {
      reading.fatal(
          CA,
          "it is needed with tls_certificate: the file of the authority that certifies members");
      return null;
    }
    try {
      Path certificate = file(reading, CERTIFICATE);
      Path key = in.text(KEY).isEmpty() ? certificate : file(reading, KEY);
      CertifiedKey identity =
          CertifiedKey.of(
              Pem.read(certificate),
              Pem.read(key),
              remark -> in.report(Severity.WARNING, CERTIFICATE, certificate + ": " + remark));
      warnOfExpiry(in, identity.leaf());
      List<X509Certificate> authorities = Pem.readCertificates(file(reading, CA));
      return new Tls(identity, authorities);
    } catch (PemException e) {
      reading.fatal(CERTIFICATE, e.getMessage());
      return null;
    }
  }

  private static Path file(Reading reading, String key) throws PemException {
    Path file = reading.in().path(key, "", reading.directory());
    reading.files().accept(file);
    if (!Files.isRegularFile(file)) {
      throw new PemException(key + ": there is no file " + file);
    }
    return file;
  }

  private static void warnOfExpiry(SectionReader in, X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    if (end.isBefore(Instant.now().plus(AccessSettings.EXPIRES_SOON))) {
      in.report(
          Severity.WARNING,
          CERTIFICATE,
          end.isBefore(Instant.now())
              ? "the certificate expired on " + end + "; members will refuse it"
              : "the certificate expires on " + end);
    }
  }

  /** Whether another start is needed for a change to these settings, certificates apart. */
  public boolean isElsewhere(ClusterSettings other) {
    return other == null
        || (tls == null) != (other.tls == null)
        || !new ClusterSettings(name, address, port, busPort, node, members, null)
            .equals(
                new ClusterSettings(
                    other.name,
                    other.address,
                    other.port,
                    other.busPort,
                    other.node,
                    other.members,
                    null));
  }

  /** Where members meet it, for people. */
  @Override
  public String toString() {
    return name
        + " as "
        + node
        + " on "
        + ListenAddress.text(address, port)
        + (tls == null ? ", not encrypted" : "");
  }
}
