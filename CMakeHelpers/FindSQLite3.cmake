# Finds SQLite. Asks pkg-config, and looks in the usual places where that knows nothing. CMake's own module needs a compiler to
# know where libraries are.
#
#   SQLite3_FOUND, SQLite3_VERSION, SQLite3_INCLUDE_DIR, SQLite3_LIBRARY
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_SQLite3 QUIET sqlite3)
endif()

find_path(SQLite3_INCLUDE_DIR NAMES sqlite3.h HINTS ${PC_SQLite3_INCLUDEDIR}
  PATHS /usr/include /usr/local/include)
find_library(SQLite3_LIBRARY NAMES sqlite3 libsqlite3.so HINTS ${PC_SQLite3_LIBDIR}
  PATHS /usr/lib /usr/lib64 /usr/local/lib
  PATH_SUFFIXES ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)

set(SQLite3_VERSION "${PC_SQLite3_VERSION}")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SQLite3
  REQUIRED_VARS SQLite3_LIBRARY SQLite3_INCLUDE_DIR
  VERSION_VAR SQLite3_VERSION
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libsqlite3-dev pkg-config")
mark_as_advanced(SQLite3_INCLUDE_DIR SQLite3_LIBRARY)
