// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One block of a PEM file, RFC 7468, read as leniently as is safe: keys reach a server through mail
 * programs, web forms and environment variables, which change line ends, add a byte order mark or
 * write {@code \n} for a new line.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String CERTIFICATE = "CERTIFICATE";

  /**
   * What OpenSSL also calls one; the last has its own trust settings behind it, which are passed
   * over.
   */
  private static final Set<String> CERTIFICATES =
      Set.of(CERTIFICATE, "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

  private static final int LARGEST_FILE = 1 << 20;

  /** The content is no PEM; the message says why, in an operator's words, and no more. */
  public static final class PemException extends Exception {
    private static final long serialVersionUID = 1L;

    public PemException(String message) {
      super(message);
    }
  }

  private final String label;
  private final byte[] der;
  private final boolean encrypted;

  private Pem(String label, byte[] der, boolean encrypted) {
    this.label = label;
    this.der = der;
    this.encrypted = encrypted;
  }

  /** What it says it is, such as {@code PRIVATE KEY}. */
  public String label() {
    return label;
  }

  /** Its content; empty when it is encrypted. */
  public byte[] der() {
    return der.clone();
  }

  /** Whether a password would be needed. */
  public boolean encrypted() {
    return encrypted;
  }

  /** Whether it is a private key, of whatever form. */
  public boolean isKey() {
    return label.endsWith("PRIVATE KEY");
  }

  boolean isCertificate() {
    return CERTIFICATES.contains(label);
  }

  /** The certificates among some blocks, in their order; may be none. */
  public static List<X509Certificate> certificates(List<Pem> blocks) throws PemException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem block : blocks) {
      if (block.isCertificate()) {
        certificates.add(block.certificate());
      }
    }
    return certificates;
  }

  private X509Certificate certificate() throws PemException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new PemException("a certificate in the file is damaged");
    }
  }

  /**
   * All blocks of a file, at least one. Worker thread.
   *
   * @throws PemException names the file
   */
  public static List<Pem> read(Path file) throws PemException {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new PemException(file + " is too large for a PEM file");
      }
      byte[] content = Files.readAllBytes(file);
      String text = new String(content, StandardCharsets.ISO_8859_1);
      List<Pem> blocks = blocks(text);
      if (blocks.isEmpty()) {
        throw new PemException(ForeignFile.describe(content));
      }
      return blocks;
    } catch (NoSuchFileException e) {
      throw new PemException("there is no file " + file);
    } catch (AccessDeniedException e) {
      throw new PemException(file + " cannot be read: permission denied");
    } catch (IOException e) {
      throw new PemException(
          file + (Files.isDirectory(file) ? " is a folder, not a file" : " cannot be read"));
    } catch (PemException e) {
      throw new PemException(file + ": " + e.getMessage());
    }
  }

  /**
   * The certificates of a file, at least one, in their order. Worker thread.
   *
   * @throws PemException names the file
   */
  public static List<X509Certificate> readCertificates(Path file) throws PemException {
    List<Pem> blocks = read(file);
    try {
      List<X509Certificate> certificates = certificates(blocks);
      if (certificates.isEmpty()) {
        throw new PemException(missing("certificate", blocks));
      }
      return certificates;
    } catch (PemException e) {
      throw new PemException(file + ": " + e.getMessage());
    }
  }

  /** Says that something is not among some blocks, and what is there instead. */
  static String missing(String what, List<Pem> blocks) {
    String labels = blocks.stream().map(Pem::label).distinct().collect(Collectors.joining(", "));
    return "there is no " + what + " in it" + (labels.isEmpty() ? "" : ", only: " + labels);
  }

  /** All blocks of a text, at least one; what stands between them is ignored. */
  public static List<Pem> parse(String text) throws PemException {
    List<Pem> blocks = blocks(text);
    if (blocks.isEmpty()) {
      throw new PemException("no PEM block (-----BEGIN …-----) in it");
    }
    return blocks;
  }

  private static List<Pem> blocks(String text) throws PemException {
    Matcher matcher = BLOCK.matcher(text.replace("\\r", "").replace("\\n", "\n"));
    List<Pem> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static Pem block(String label, String content) throws PemException {
    if (label.startsWith("ENCRYPTED") || content.contains("ENCRYPTED")) {
      return new Pem(label, new byte[0], true);
    }
    try {
      byte[] der = Base64.getDecoder().decode(content.replaceAll("\\s", ""));
      return new Pem(label, der, false);
    } catch (IllegalArgumentException e) {
      throw new PemException("the block " + label + " is damaged");
    }
  }

  /** Writes a block, as strictly as the RFC wants it. */
  public static String write(String label, byte[] der) {
    String content = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
  }

  /** Writes certificates, so that a TLS engine need not be as lenient as we are. */
  public static String write(List<X509Certificate> certificates) throws PemException {
    try {
      StringBuilder text = new StringBuilder();
      for (X509Certificate certificate : certificates) {
        text.append(write(CERTIFICATE, certificate.getEncoded()));
      }
      return text.toString();
    } catch (CertificateEncodingException e) {
      throw new PemException("a certificate in the file is damaged");
    }
  }

  /** Not the content: it may be a key. */
  @Override
  public String toString() {
    return label;
  }
}
