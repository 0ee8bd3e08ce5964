// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pushserver.pns.Endpoint;
import org.pushserver.spi.Reason;

/**
 * Reads the JSON file that Google's console gives out for a service account, and finds everything
 * that is wrong with it at once. Blocks; no message of it contains anything of the key.
 */
final class ServiceAccountFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A real one has 2.5 KB: this is not one, and not worth reading. */
  private static final long MAX_BYTES = 64 * 1024;

  /** RS256 with less is forbidden. RFC 7518, section 3.3. */
  private static final int MIN_KEY_BITS = 2048;

  /** It becomes part of a path. */
  private static final Pattern PROJECT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*");

  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*)-----END PRIVATE KEY-----", Pattern.DOTALL);

  private final Path file;
  private final List<String> problems = new ArrayList<>();
  private JsonNode root;

  private ServiceAccountFile(Path file) {
    this.file = file;
  }

  /**
   * Reads and checks one file.
   *
   * @param problems takes what is wrong: complete sentences that name file and field
   * @return empty when there was a problem
   */
  static Optional<ServiceAccount> read(Path file, List<String> problems) {
    ServiceAccountFile reader = new ServiceAccountFile(file);
    ServiceAccount account = reader.load() ? reader.account() : null;
    problems.addAll(reader.problems);
    return reader.problems.isEmpty() ? Optional.of(account) : Optional.empty();
  }

  private boolean load() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        problem("is too big to be a service account file");
        return false;
      }
      byte[] content = Files.readAllBytes(file);
      String foreign = WrongGoogleFile.notJson(content);
      if (foreign != null) {
        problem(foreign);
        return false;
      }
      root = JSON.readTree(content);
    } catch (JsonProcessingException e) {
      // Jackson's own message quotes the file, and with it perhaps the key.
      problem("is not JSON; the first mistake is in line " + e.getLocation().getLineNr());
      return false;
    } catch (IOException e) {
      problem(Reason.unread(e));
      return false;
    }
    if (!root.isObject()) {
      problem("is no JSON object: download the account's key as JSON again");
      return false;
    }
    String other = WrongGoogleFile.otherJson(root);
    if (other != null) {
      problem(other);
      return false;
    }
    return true;
  }

  private ServiceAccount account() {
    String projectId = text("project_id");
    if (projectId != null && !PROJECT_ID.matcher(projectId).matches()) {
      problem("field project_id: '" + projectId + "' cannot be the id of a project");
    }
    String clientEmail = text("client_email");
    String keyId = text("private_key_id");
    PrivateKey key = key(text("private_key"));
    String tokenUri = text("token_uri");
    return new ServiceAccount(
        projectId, new Credential(clientEmail, keyId, key, endpoint(tokenUri), tokenUri));
  }

  private String text(String field) {
    JsonNode node = root.path(field);
    if (!node.isTextual() || node.textValue().isBlank()) {
      problem("field " + field + " is missing, empty or no text");
      return null;
    }
    return node.textValue().strip();
  }

  private Endpoint endpoint(String tokenUri) {
    if (tokenUri == null) {
      return null;
    }
    try {
      return Endpoint.parse(tokenUri);
    } catch (IllegalArgumentException e) {
      problem("field token_uri: '" + tokenUri + "' " + e.getMessage());
      return null;
    }
  }

  private PrivateKey key(String pem) {
    if (pem == null) {
      return null;
    }
    // Line ends that were escaped once too often are what copying by hand leaves behind.
    var block = PKCS8.matcher(pem.replace("\\n", "\n").replace("\\r", ""));
    if (!block.find()) {
      problem("field private_key is no PEM private key (-----BEGIN PRIVATE KEY-----)");
      return null;
    }
    try {
      byte[] der = Base64.getDecoder().decode(block.group(1).replaceAll("\\s", ""));
      PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
      if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_KEY_BITS) {
        problem("field private_key has less than " + MIN_KEY_BITS + " bits");
      }
      return key;
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // Neither message nor cause goes further: they may quote the key.
      problem("field private_key is damaged, or no RSA key");
      return null;
    }
  }

  private void problem(String message) {
    problems.add(file + ": " + message);
  }
}
