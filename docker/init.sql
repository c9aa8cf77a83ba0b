-- What a database administrator makes once for the services. None of them makes roles or databases itself, and the
-- login has no rights of its own beyond its databases: it takes on one of the roles in each session or transaction.
\getenv password SERVICE_PASSWORD

create role stoette_app nologin;
create role stoette_feed nologin;
create role stoette_sletning nologin;
create role stoette_opslag nologin;
create role stoette_log nologin;
create role stoette_login login password :'password';
grant stoette_app, stoette_feed, stoette_sletning, stoette_opslag, stoette_log to stoette_login with inherit false, set true;

create database stoette owner stoette_login;
create database stoette_klassifikation owner stoette_login
  template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
create database stoette_adgangsstyring owner stoette_login
  template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
create database stoette_organisation owner stoette_login
  template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
create database stoette_beskedfordeler owner stoette_login
  template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';

revoke connect on database stoette, stoette_klassifikation, stoette_adgangsstyring, stoette_organisation,
  stoette_beskedfordeler from public;
