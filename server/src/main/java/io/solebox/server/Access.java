package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.AccountCallers;
import io.solebox.server.accounts.AccountStore;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Group;
import io.solebox.server.accounts.LimitBook;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Gate;
import io.solebox.server.http.KnownHosts;
import io.solebox.server.http.Origins;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Holder;
import io.solebox.server.limits.Spendings;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.usage.UsageLedger;
import io.solebox.storage.Database;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;

/**
 * Who gets in: people with accounts, keys of a file, or whoever is at this machine where there are
 * neither.
 *
 * @param database what the server remembers, closed with this
 * @param usage what everybody has used, closed with this; empty where the server keeps nothing
 * @param people those with accounts; empty where the server keeps nothing
 * @param required whether people are to have accounts, although nobody may have one yet
 */
record Access(
    Gate gate,
    Optional<Database> database,
    Optional<UsageLedger> usage,
    Optional<People> people,
    boolean required)
    implements AutoCloseable {
  /** People with accounts. */
  record People(Accounts accounts, AccountCallers callers) {}

  /**
   * @param address to listen on
   * @throws SoleboxException {@code INVALID_PARAMETER} if whoever can connect could use the server,
   *     and those are more than the person at this machine; or if people with accounts would come
   *     in the clear
   */
  static Access of(ServerConfig config, InetAddress address, Clock clock, Faults faults) {
    requireState(config);
    Optional<Database> database = config.stateFile().map(ServerTables::open);
    Optional<UsageLedger> usage = Optional.empty();
    try {
      usage = database.map(d -> new UsageLedger(d, clock, faults));
      return of(config, address, database, usage, clock);
    } catch (RuntimeException e) {
      usage.ifPresent(UsageLedger::close);
      database.ifPresent(Database::close);
      throw e;
    }
  }

  private static Access of(
      ServerConfig config,
      InetAddress address,
      Optional<Database> database,
      Optional<UsageLedger> usage,
      Clock clock) {
    Spendings spendings = usage.map(UsageLedger::spendings).orElse(Spendings.NONE);
    Optional<Accounts> accounts =
        database.map(d -> new Accounts(d, AuditLog.of(d, d.file().getParent()), clock));
    boolean people = config.accounts() || accounts.filter(a -> !a.store().isEmpty()).isPresent();
    if (people) {
      requireEncryption(config, address);
    } else if (config.apiKeys().isEmpty()) {
      requireHarmless(config, address);
    }
    LimitBook limits =
        new LimitBook(config.usual(), System::nanoTime, spendings, config.weightsOfKeys());
    config.weights().are(limits);
    Callers others =
        config
            .apiKeys()
            .map(keys -> keys.callers(config.usual(), System::nanoTime, spendings))
            .orElseGet(() -> Callers.ofThisMachine(ofThisMachine(config, spendings)));
    Optional<People> members =
        accounts.map(
            its ->
                new People(
                    its,
                    new AccountCallers(
                        database.orElseThrow(), others, config.accounts(), limits, clock)));
    Gate gate =
        new Gate(
            new KnownHosts(config.host(), address.isLoopbackAddress(), config.allowedHosts()),
            Origins.of(config.allowedOrigins()),
            members.<Callers>map(People::callers).orElse(others));
    return new Access(gate, database, usage, members, config.accounts());
  }

  /** How long the texts of people are kept: as their groups have it. */
  Keeping keeping() {
    return people.map(each -> keeping(each.accounts().store())).orElse(Keeping.AS_THE_SERVER);
  }

  private static Keeping keeping(AccountStore store) {
    return owner ->
        store.byId(owner).flatMap(User::group).flatMap(store::group).flatMap(Group::keep);
  }

  private static Account ofThisMachine(ServerConfig config, Spendings spendings) {
    return new Account(Holder.HERE, config.usual(), System::nanoTime, Optional.empty(), spendings);
  }

  private static void requireState(ServerConfig config) {
    if (config.accounts() && config.stateFile().isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "accounts",
          "Accounts must be kept somewhere, and this server keeps nothing.",
          "Leave --no-store out; 'solebox users groups set NAME --keep 0' keeps no texts.");
    }
  }

  /** Keys of people and what they write are nothing for whoever is on the way. */
  private static void requireEncryption(ServerConfig config, InetAddress address) {
    boolean encrypted = config.tls().isPresent() || !config.proxies().isEmpty();
    if (!encrypted && !address.isLoopbackAddress() && !config.plainHttp()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "host",
          "'"
              + config.host()
              + "' can be reached from other machines, and passwords, keys and texts of people with"
              + " accounts would cross the network in the clear.",
          "Give --tls, or name the proxy that encrypts with --proxy ADDRESS, or take that on with"
              + " --plain-http.");
    }
  }

  private static void requireHarmless(ServerConfig config, InetAddress address) {
    if (!address.isLoopbackAddress()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "host",
          "'"
              + config.host()
              + "' can be reached from other machines, which takes accounts or API keys.",
          "Give --accounts, or --api-key-file FILE, or listen on "
              + ServerConfig.DEFAULT_HOST
              + ".");
    }
    if (config.usual().weight().isPresent()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "limits",
          "A weight is for one caller beside others, and there are neither keys nor accounts.",
          "Give --api-key-file FILE or --accounts, or leave the weight out.");
    }
    if (config.allowedOrigins().contains("*")) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "allowed-origin",
          "Every web page that somebody on this machine opens could use the server.",
          "Name the origins, or give --api-key-file FILE or --accounts.");
    }
  }

  /**
   * Whether strangers may know which models there are; where people have accounts, some may not.
   */
  boolean tellsModels() {
    return !required && accounts().map(its -> its.store().isEmpty()).orElse(true);
  }

  /** Those with accounts. */
  Optional<Accounts> accounts() {
    return people.map(People::accounts);
  }

  @Override
  public void close() {
    people.ifPresent(its -> its.callers().close());
    usage.ifPresent(UsageLedger::close);
    database.ifPresent(Database::close);
  }
}
