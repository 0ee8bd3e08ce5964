// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.QueryConsistencyException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.pushserver.config.CassandraSettings;
import org.pushserver.spi.Reason;

/** What the driver's errors mean: what is wrong and what to do. Pure. */
final class DriverWords {
  /** How much an error says of the cluster. */
  enum Weight {
    /** It is of this question alone. */
    NONE,
    /** Two in a row mean that the cluster does not answer. */
    SLOW,
    /** The cluster cannot be used. */
    DOWN
  }

  private final CassandraSettings settings;

  DriverWords(CassandraSettings settings) {
    this.settings = settings;
  }

  /** The error itself, out of what futures wrap around it. */
  static Throwable bare(Throwable error) {
    Throwable bare = error;
    while (bare instanceof CompletionException && bare.getCause() != null) {
      bare = bare.getCause();
    }
    return bare;
  }

  /** How much it says of the cluster. */
  static Weight weight(Throwable error) {
    if (error instanceof DriverTimeoutException || error instanceof QueryConsistencyException) {
      return error instanceof UnavailableException ? Weight.DOWN : Weight.SLOW;
    }
    if (error instanceof AllNodesFailedException all) {
      List<Throwable> causes = causes(all);
      boolean busy =
          !causes.isEmpty() && causes.stream().allMatch(BusyConnectionException.class::isInstance);
      return busy ? Weight.NONE : Weight.DOWN;
    }
    boolean isOfQuestion =
        error instanceof UnauthorizedException
            || (error instanceof InvalidQueryException && !isTableGone(error));
    return isOfQuestion ? Weight.NONE : Weight.DOWN;
  }

  /** Whether the user or his password was refused, or nobody logged in who has to. */
  static boolean isLogin(Throwable error) {
    return error instanceof AuthenticationException
        || (error instanceof AllNodesFailedException all
            && causes(all).stream().anyMatch(AuthenticationException.class::isInstance));
  }

  /** Whether no node could be asked at all. */
  static boolean isNobodyThere(Throwable error) {
    return error instanceof AllNodesFailedException all
        && weight(error) == Weight.DOWN
        && causes(all).stream().noneMatch(UnavailableException.class::isInstance);
  }

  private static boolean isTableGone(Throwable error) {
    String said = String.valueOf(error.getMessage());
    return said.contains("unconfigured table") || said.contains("does not exist");
  }

  private static List<Throwable> causes(AllNodesFailedException all) {
    List<Throwable> causes = new ArrayList<>();
    all.getAllErrors().values().stream().flatMap(Collection::stream).forEach(causes::add);
    return causes;
  }

  /** What is wrong and what to do. */
  String of(Throwable error) {
    String where = "Cassandra at " + settings.nodes();
    if (error instanceof AllNodesFailedException all) {
      List<Throwable> causes = causes(all);
      for (Throwable cause : causes) {
        if (cause instanceof AuthenticationException || cause instanceof UnavailableException) {
          return of(cause);
        }
      }
      return causes.isEmpty()
          ? where
              + " cannot be asked: no node of it is up, or none is in the datacenter that [Cassandra]"
              + " names; look at nodetool status"
          : where
              + " cannot be reached: "
              + reason(causes.get(0))
              + "; see that it runs, and that this machine may connect to it";
    }
    if (error instanceof AuthenticationException) {
      return settings.user().isEmpty()
          ? where + " wants a login; set user and password in [Cassandra]"
          : where
              + " refuses the user "
              + settings.user()
              + " or its password; correct user and password in [Cassandra]";
    }
    if (error instanceof UnauthorizedException refusal) {
      return ofRights(List.of(RefusedRight.of(refusal)));
    }
    if (error instanceof UnavailableException) {
      return "too few nodes of "
          + where
          + " are up for consistency = "
          + settings.consistency()
          + "; look at nodetool status";
    }
    if (error instanceof DriverTimeoutException || error instanceof QueryConsistencyException) {
      return where
          + " does not answer within "
          + settings.timeout().toMillis() / 1000.0
          + " s; look at its load and its log";
    }
    if (error instanceof InvalidQueryException && isTableGone(error)) {
      return where
          + " has no tables for tokens in keyspace "
          + settings.keyspace()
          + ": run pushserver tokens init-cassandra, or correct keyspace and table in [Cassandra]";
    }
    if (error instanceof WrongColumnException
        || (error instanceof InvalidQueryException
            && String.valueOf(error.getMessage()).contains("ndefined column"))) {
      return where
          + " has a table that is not as it has to be: "
          + error.getMessage()
          + "; correct table in [Cassandra], or the table: cassandra.md says how it is made";
    }
    return where + " cannot be used: " + reason(error);
  }

  /** Which rights are missing and what to do; at least one. */
  String ofRights(List<RefusedRight> missing) {
    String user = settings.user();
    String grants = missing.stream().map(one -> one.grant(user)).collect(Collectors.joining("; "));
    return "Cassandra at "
        + settings.nodes()
        + " does not give "
        + (user.isEmpty() ? "who does not log in" : "the user " + user)
        + (missing.size() == 1 ? " the right " : " the rights ")
        + missing.stream().map(RefusedRight::toString).collect(Collectors.joining(", "))
        + (user.isEmpty()
            ? "; set user and password in [Cassandra]"
            : "; an administrator says in cqlsh: " + grants);
  }

  private static String reason(Throwable error) {
    Throwable deepest = error;
    while (deepest.getCause() != null && !(deepest instanceof SSLException)) {
      deepest = deepest.getCause();
    }
    return Reason.of(deepest);
  }
}
