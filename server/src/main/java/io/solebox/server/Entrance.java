package io.solebox.server;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.AuthApi;
import io.solebox.server.accounts.SecondFactors;
import io.solebox.server.accounts.SignIn;
import io.solebox.server.accounts.factors.AdminFactorsApi;
import io.solebox.server.accounts.factors.Door;
import io.solebox.server.accounts.factors.Factors;
import io.solebox.server.accounts.factors.FactorsApi;
import io.solebox.server.accounts.factors.PasskeysApi;
import io.solebox.server.accounts.factors.Seals;
import io.solebox.server.accounts.factors.WaysApi;
import io.solebox.server.accounts.oidc.OidcApi;
import io.solebox.server.accounts.oidc.OidcSettings;
import io.solebox.server.http.Api;
import io.solebox.server.seal.Vault;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * All ways in which people come in, wired: passwords, what stands behind them, what replaces them.
 */
final class Entrance implements AutoCloseable {
  private final JsonWriter json;
  private final Optional<Accounts> accounts;
  private final Optional<Factors> factors;
  private final Optional<Door> door;
  private final OidcApi oidc;
  private final Optional<String> issuer;
  private final PrintStream log;
  private final boolean airGapped;

  /**
   * @param vault of what the server keeps; empty where it keeps nothing
   * @param issuer who signs people in elsewhere; empty where nobody does
   * @param airGapped whether the kernel keeps the server from reaching others
   * @param log hears why somebody from an issuer was not believed, and who set the server up
   */
  Entrance(
      JsonWriter json,
      Access access,
      Optional<Vault> vault,
      Optional<OidcSettings> issuer,
      boolean airGapped,
      Clock clock,
      PrintStream log) {
    this.json = json;
    this.log = log;
    this.accounts = access.accounts();
    this.factors = vault.map(its -> Factors.in(its.database(), Seals.with(its), clock));
    this.door = accounts.map(its -> new Door(its, its.signIn(factors.orElseThrow())));
    this.issuer = issuer.map(OidcSettings::issuer);
    this.airGapped = airGapped;
    this.oidc =
        issuer.isPresent() && door.isPresent()
            ? OidcApi.of(
                json, issuer.get(), access.database().orElseThrow(), door.get(), clock, log)
            : OidcApi.none(json);
  }

  /** Where nobody keeps accounts, there is none. */
  Optional<SignIn> signIn() {
    return accounts.map(its -> its.signIn(second()));
  }

  /** What some bring beside their password. */
  SecondFactors second() {
    return factors.<SecondFactors>map(its -> its).orElse(SecondFactors.NONE);
  }

  /**
   * @param problems whose words errors have
   */
  List<Api> apis(Api.ProblemWriter problems) {
    return List.of(
        new AuthApi(json, accounts, second(), log).api(problems),
        new WaysApi(json, issuer, airGapped).api(problems),
        new FactorsApi(json, factors, door).api(problems),
        new AdminFactorsApi(json, factors, door).api(problems),
        new PasskeysApi(json, factors, door).api(problems),
        oidc.api(problems));
  }

  @Override
  public void close() {
    oidc.close();
  }
}
