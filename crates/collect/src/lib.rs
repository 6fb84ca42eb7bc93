//! Walks trees and hosts and hands their files to formats.
