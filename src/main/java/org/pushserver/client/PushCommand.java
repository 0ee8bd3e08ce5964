// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.pushserver.cli.Mistakes;
import org.pushserver.cli.VersionLine;
import org.pushserver.pem.Pem.PemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code pushclient --java}: sends one push and says in a sentence what became of it. Exits with 0
 * when the server answered 200 or 202, with 2 when it was called wrongly, else with 1.
 *
 * <p>The script {@code bin/pushclient} does the same with curl and without a JVM. What is changed
 * here has to be changed there; a test compares the two.
 */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    sortOptions = false,
    exitCodeOnInvalidInput = 2,
    exitCodeOnExecutionException = 1,
    description = "Sends one push and says what became of it.",
    footer = {
      "",
      "Exit code: 0 when the server answered 200 or 202; 1 when it did not take the push, or there"
          + " was no answer; 2 when an option is wrong or missing. What went wrong goes to the error"
          + " output."
    })
public final class PushCommand implements Callable<Integer> {
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  /** What no command line can have. */
  private static final String NO_WORD = "\0";

  private static final int HIGHEST_PORT = 65_535;

  private CommandSpec spec;
  private int seconds;

  @Option(
      names = {"-u", "--url"},
      defaultValue = "http://127.0.0.1:8400/push",
      description = "Where to post it. Default: ${DEFAULT-VALUE}")
  private String url;

  @Option(
      names = {"-p", "--platform"},
      required = true,
      description = "apple, firebase or a custom one.")
  private String platform;

  @Option(
      names = {"-a", "--appid", "--app-id", "--app_id"},
      paramLabel = "<app-id>",
      required = true,
      description = "The app_id of a section of applications.ini.")
  private String appId;

  @Option(
      names = {"-t", "--token"},
      required = true,
      description = "The device's token.")
  private String token;

  @Option(
      names = {"-d", "--deviceid", "--device-id", "--device_id"},
      paramLabel = "<device-id>",
      description = "The device's id.")
  private String deviceId;

  @Option(
      names = {"-c", "--callid", "--call-id", "--call_id"},
      paramLabel = "<call-id>",
      description = "The call-id. Default: a random one.")
  private String callId;

  @Option(
      names = {"-e", "--event"},
      defaultValue = "incoming_session",
      description =
          "incoming_session, incoming_conference_request, cancel, message, transfer or wake."
              + " Default: ${DEFAULT-VALUE}")
  private String event;

  @Option(
      names = {"-f", "--from"},
      required = true,
      description = "SIP address of the caller.")
  private String from;

  @Option(
      names = {"-n", "--from_name", "--from-name", "--from_display_name", "--from-display-name"},
      paramLabel = "<name>",
      description = "Name of the caller.")
  private String fromName;

  @Option(
      names = {"-o", "--to"},
      required = true,
      description = "SIP address of the callee.")
  private String to;

  @Option(
      names = {"-s", "--silent"},
      arity = "0..1",
      preprocessor = NoOption.class,
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Whether the app wakes without an alert. Default: the server's.")
  private String silent;

  @Option(
      names = {"-m", "--mediatype", "--media-type", "--media_type"},
      paramLabel = "<media-type>",
      defaultValue = "audio",
      description = "audio, video, chat, sms or file-transfer. Default: ${DEFAULT-VALUE}")
  private String mediaType;

  @Option(names = "--reason", description = "Why a call was cancelled.")
  private String reason;

  @Option(names = "--account", description = "For a conference: the account that is invited.")
  private String account;

  @Option(names = "--filename", description = "For a transfer.")
  private String filename;

  @Option(names = "--filetype", description = "For a transfer: MIME type.")
  private String filetype;

  @Option(names = "--content", description = "For a message.")
  private String content;

  @Option(
      names = {"--content-type", "--content_type"},
      paramLabel = "<type>",
      description = "For a message: MIME type.")
  private String contentType;

  @Option(names = "--badge", paramLabel = "NUMBER", description = "The number on the app's icon.")
  private String badge;

  @Option(
      names = {"--api-key", "--api_key"},
      paramLabel = "KEY",
      defaultValue = "${env:PUSHSERVER_API_KEY}",
      description =
          "An API key of the server; better in PUSHSERVER_API_KEY, because all users of a machine"
              + " see command lines.")
  private String apiKey;

  @Option(
      names = {"--ca-file", "--ca_file"},
      paramLabel = "FILE",
      description = "PEM file with the authorities to trust for https, instead of the system's.")
  private Path caFile;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "PEM file with the client certificate to show for https, and its chain.")
  private Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM file with its key, without a password. Default: it is in --cert.")
  private Path key;

  @Option(
      names = "--json",
      description = "Print the server's answer as it came, instead of a sentence.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "70",
      description =
          "How long to wait for the answer; the server may try for a minute."
              + " Default: ${DEFAULT-VALUE}")
  private String timeout;

  /** For the script that stands before this class. */
  @Option(
      names = "--java",
      description = "Do it with Java instead of curl: the same, but it starts more slowly.")
  @SuppressWarnings("unused")
  private boolean java;

  /** What stands behind {@code --silent} is its value unless it looks like an option. */
  static final class NoOption implements CommandLine.IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> rest, CommandSpec command, ArgSpec option, Map<String, Object> how) {
      boolean alone = rest.isEmpty() || rest.peek().startsWith("-");
      if (alone) {
        option.setValue("true");
      }
      return alone;
    }
  }

  /**
   * How the words of the command line are read. What stands behind an option is its value, also
   * when it looks like an option or begins with an @: a caller may be called so.
   */
  @Spec
  void read(CommandSpec own) {
    spec = own;
    spec.parser()
        .allowOptionsAsOptionParameters(true)
        .endOfOptionsDelimiter(NO_WORD)
        .expandAtFiles(false);
  }

  /** Runs the client and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    CommandLine line = Mistakes.commandLine(new PushCommand()).setCommandName("pushclient");
    System.exit(line.execute(args));
  }

  /** Sends the push; returns the exit code. Blocks until the answer is there. */
  @Override
  public Integer call() throws InterruptedException {
    HttpRequest request = request();
    try {
      long began = System.nanoTime();
      HttpResponse<String> answer = client().send(request, HttpResponse.BodyHandlers.ofString());
      return tell(answer, Duration.ofNanos(System.nanoTime() - began));
    } catch (PemException | GeneralSecurityException e) {
      return failed(e.getMessage());
    } catch (IOException e) {
      return failed(
          "no answer from "
              + url
              + ": "
              + NoAnswer.why(e, URI.create(url).getHost(), seconds)
              + ".");
    }
  }

  private int tell(HttpResponse<String> response, Duration took) {
    ServerAnswer answer = ServerAnswer.of(response.statusCode(), response.body());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(response.body().strip());
    } else if (answer.good()) {
      out.println(answer.sentence(callId, took));
    }
    out.flush();
    return answer.good() ? 0 : failed(answer.sentence(callId, took));
  }

  private int failed(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("pushclient: " + sentence);
    err.flush();
    return 1;
  }

  private HttpClient client() throws PemException, IOException, GeneralSecurityException {
    // HTTP/1.1: an offer to upgrade is of no use to one request, and some proxies refuse it.
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(seconds));
    if (caFile != null || certificate != null) {
      builder.sslContext(ClientTls.context(caFile, certificate, key));
    }
    return builder.build();
  }

  private HttpRequest request() {
    seconds = seconds();
    if (key != null && certificate == null) {
      throw wrong("--key is the key of a certificate: give that with --cert");
    }
    if (callId == null) {
      callId = UUID.randomUUID().toString();
    }
    HttpRequest.Builder request = builder().timeout(Duration.ofSeconds(seconds));
    request.header("Content-Type", "application/json");
    if (apiKey != null && !apiKey.isEmpty()) {
      if (!PRINTABLE.matcher(apiKey.strip()).matches()) {
        throw wrong("--api-key has characters that no key has");
      }
      request.header("Authorization", "Bearer " + apiKey.strip());
    }
    return request.POST(HttpRequest.BodyPublishers.ofString(body())).build();
  }

  private int seconds() {
    try {
      int all = Integer.parseInt(timeout);
      if (all >= 1) {
        return all;
      }
    } catch (NumberFormatException e) {
      // The same sentence.
    }
    throw wrong("--timeout must be a whole number, 1 or more: " + timeout);
  }

  private Integer badge() {
    try {
      return badge == null ? null : Integer.valueOf(badge);
    } catch (NumberFormatException e) {
      throw wrong("--badge must be a whole number: " + badge);
    }
  }

  private HttpRequest.Builder builder() {
    try {
      URI uri = URI.create(url);
      if (uri.getUserInfo() == null && uri.getPort() <= HIGHEST_PORT) {
        return HttpRequest.newBuilder(uri);
      }
    } catch (IllegalArgumentException e) {
      // The same sentence.
    }
    throw wrong("--url must be such as http://127.0.0.1:8400/push: " + url);
  }

  private String body() {
    PushRequest push = new PushRequest();
    push.set("app-id", appId);
    push.set("platform", platform);
    push.set("token", token);
    push.set("device-id", deviceId);
    push.set("call-id", callId);
    push.set("event", event);
    push.set("from", from);
    push.set("from-display-name", fromName);
    push.set("to", to);
    push.set("silent", silent == null ? null : isSilent());
    push.set("media-type", mediaType);
    push.set("reason", reason);
    push.set("account", account);
    push.set("filename", filename);
    push.set("filetype", filetype);
    push.set("content", content);
    push.set("content-type", contentType);
    push.set("badge", badge());
    return push.toJson();
  }

  private boolean isSilent() {
    return switch (silent.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default -> throw wrong("--silent must be true or false: " + silent);
    };
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
