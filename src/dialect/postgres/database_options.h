// What belongs to a database and is no object in it: encoding, locale, settings, privileges.
#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"

namespace limbeck::postgres {

// What CREATE DATABASE has to say, so that texts sort and compare as in the database that the
// connection is in.
std::string database_options(Connection& connection);

// What gives another database the settings, the privileges, the limit of connections and the
// comment of the one that the connection is in. name: of the other one.
std::vector<std::string> database_properties(Connection& connection, const std::string& name);

}  // namespace limbeck::postgres
