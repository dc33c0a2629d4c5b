// libpq, loaded when the first PostgreSQL database is opened.
//
// The program is not linked with it: libpq and the twenty libraries behind it would cost every
// command four milliseconds, also where no PostgreSQL is about. It is loaded once and stays.
#pragma once

#include <libpq-fe.h>
#include <string_view>

namespace limbeck::postgres {

// An address of the library, as a function of whatever type it is assigned to.
class Symbol {
 public:
  explicit Symbol(void* address) : address_(address) {}

  template <typename Function>
  operator Function*() const {
    return reinterpret_cast<Function*>(address_);
  }

 private:
  void* address_;
};

// The loaded library. Throws Error (ExitCode::cannot_connect) when it is not to be had.
class Library {
 public:
  Library();

 protected:
  Symbol symbol(const char* name) const;

 private:
  void* handle_;
};

// What is used of libpq, under its own names.
struct Libpq : Library {
  decltype(&::PQbackendPID) PQbackendPID = symbol("PQbackendPID");
  decltype(&::PQcancel) PQcancel = symbol("PQcancel");
  decltype(&::PQclear) PQclear = symbol("PQclear");
  decltype(&::PQcmdStatus) PQcmdStatus = symbol("PQcmdStatus");
  decltype(&::PQcmdTuples) PQcmdTuples = symbol("PQcmdTuples");
  decltype(&::PQconnectdbParams) PQconnectdbParams = symbol("PQconnectdbParams");
  decltype(&::PQconnectionNeedsPassword) PQconnectionNeedsPassword =
      symbol("PQconnectionNeedsPassword");
  decltype(&::PQconnectPoll) PQconnectPoll = symbol("PQconnectPoll");
  decltype(&::PQconnectStartParams) PQconnectStartParams = symbol("PQconnectStartParams");
  decltype(&::PQconninfo) PQconninfo = symbol("PQconninfo");
  decltype(&::PQconninfoFree) PQconninfoFree = symbol("PQconninfoFree");
  decltype(&::PQconninfoParse) PQconninfoParse = symbol("PQconninfoParse");
  decltype(&::PQconsumeInput) PQconsumeInput = symbol("PQconsumeInput");
  decltype(&::PQenterPipelineMode) PQenterPipelineMode = symbol("PQenterPipelineMode");
  decltype(&::PQerrorMessage) PQerrorMessage = symbol("PQerrorMessage");
  decltype(&::PQexitPipelineMode) PQexitPipelineMode = symbol("PQexitPipelineMode");
  decltype(&::PQfinish) PQfinish = symbol("PQfinish");
  decltype(&::PQflush) PQflush = symbol("PQflush");
  decltype(&::PQfname) PQfname = symbol("PQfname");
  decltype(&::PQfreeCancel) PQfreeCancel = symbol("PQfreeCancel");
  decltype(&::PQfreemem) PQfreemem = symbol("PQfreemem");
  decltype(&::PQftype) PQftype = symbol("PQftype");
  decltype(&::PQgetCancel) PQgetCancel = symbol("PQgetCancel");
  decltype(&::PQgetCopyData) PQgetCopyData = symbol("PQgetCopyData");
  decltype(&::PQgetisnull) PQgetisnull = symbol("PQgetisnull");
  decltype(&::PQgetlength) PQgetlength = symbol("PQgetlength");
  decltype(&::PQgetResult) PQgetResult = symbol("PQgetResult");
  decltype(&::PQgetvalue) PQgetvalue = symbol("PQgetvalue");
  decltype(&::PQisBusy) PQisBusy = symbol("PQisBusy");
  decltype(&::PQnfields) PQnfields = symbol("PQnfields");
  decltype(&::PQntuples) PQntuples = symbol("PQntuples");
  decltype(&::PQparameterStatus) PQparameterStatus = symbol("PQparameterStatus");
  decltype(&::PQpipelineSync) PQpipelineSync = symbol("PQpipelineSync");
  decltype(&::PQputCopyData) PQputCopyData = symbol("PQputCopyData");
  decltype(&::PQputCopyEnd) PQputCopyEnd = symbol("PQputCopyEnd");
  decltype(&::PQresultErrorField) PQresultErrorField = symbol("PQresultErrorField");
  decltype(&::PQresultErrorMessage) PQresultErrorMessage = symbol("PQresultErrorMessage");
  decltype(&::PQresultStatus) PQresultStatus = symbol("PQresultStatus");
  decltype(&::PQsendPrepare) PQsendPrepare = symbol("PQsendPrepare");
  decltype(&::PQsendQuery) PQsendQuery = symbol("PQsendQuery");
  decltype(&::PQsendQueryParams) PQsendQueryParams = symbol("PQsendQueryParams");
  decltype(&::PQsendQueryPrepared) PQsendQueryPrepared = symbol("PQsendQueryPrepared");
  decltype(&::PQsetErrorVerbosity) PQsetErrorVerbosity = symbol("PQsetErrorVerbosity");
  decltype(&::PQsetnonblocking) PQsetnonblocking = symbol("PQsetnonblocking");
  decltype(&::PQsetNoticeReceiver) PQsetNoticeReceiver = symbol("PQsetNoticeReceiver");
  decltype(&::PQserverVersion) PQserverVersion = symbol("PQserverVersion");
  decltype(&::PQsocket) PQsocket = symbol("PQsocket");
  decltype(&::PQstatus) PQstatus = symbol("PQstatus");
  decltype(&::PQtransactionStatus) PQtransactionStatus = symbol("PQtransactionStatus");
};

// Loads the library when it is called for the first time; throws what Library throws.
const Libpq& libpq();

// The value of a connection parameter; empty where there is none, and for no options.
std::string_view option_value(const PQconninfoOption* options, std::string_view keyword);

}  // namespace limbeck::postgres
